import Experiments
import Optimizers
import Testing

@Suite struct DisplayNamesTests {
    @Test(arguments: [
        ("adam", "Adam"), ("adamw", "AdamW"), ("nadam", "Nadam"), ("radam", "RAdam"), ("radam-exact", "RAdam, exact law"),
        ("radam-exact:laplace", "RAdam, exact law of Laplace"), ("radam-exact:student-t:3", "RAdam, exact law of Student's t, 3 df"),
        ("radam-exact:mixture:0.01:10", "RAdam, exact law of mixture 0.01, 10"),
        ("radam-exact:autocorrelation:0.5", "RAdam, exact law of autocorrelation 0.5"), ("radam-closed-form", "RAdam, closed form"), ("adam-warmup:200", "Adam, warmup 200"), ("adam-2k", "Adam-2k"),
        ("adam-2k:2000", "Adam-2k"), ("adam-2k:500", "Adam, freeze 500"), ("adam-eps", "Adam-eps 1e-4"), ("adam-eps:1e-3", "Adam-eps 1e-3"),
        ("adam-eps:0.001", "Adam-eps 1e-3"), ("adam-eps:0.0015", "Adam-eps 1.5e-3"), ("adam-eps:5e-3", "Adam-eps 5e-3"),
        ("adam-eps:0.25", "Adam-eps 0.25"), ("adam-eps:0", "Adam-eps 0"), ("adam-eps:1e-8:1e-4:2000", "Adam-eps 1e-8 to 1e-4 in 2000"),
        ("adam-eps:1e-8:1e-4:2000:linear", "Adam-eps 1e-8 to 1e-4 in 2000, linear"), ("sgd", "SGD"), ("sgd:0.9", "SGD, momentum 0.9"),
        ("nesterov:0.9", "Nesterov, momentum 0.9"), ("rmsprop", "RMSProp"), ("rmsprop-centred:0.9", "RMSProp, centred, momentum 0.9"),
        ("adam-untuned-linear", "Adam, untuned linear"), ("adam-untuned-exponential", "Adam, untuned exponential"),
        ("adam-rectified-warmup", "Adam, rectified warmup"),
        // Several, and what is no method.
        ("sgd:0.9 / adam / radam", "SGD, momentum 0.9 / Adam / RAdam"), ("adam/radam", "Adam/RAdam"), ("my run", "my run"), ("", ""),
        ("adam:1-4", "adam:1-4"), (" / ", " / "),
        // Stretches of one run.
        ("adam:1-4,radam:5-", "Adam (1–4) / RAdam"), ("sgd:0.9:1-4,adam-warmup:20:5-8,radam:9-", "SGD, momentum 0.9 (1–4) / Adam, warmup 20 (5–8) / RAdam"),
    ])
    func methodsAreNamedAsPeopleWriteThem(name: String, shown: String) {
        #expect(displayName(ofMethod: name) == shown)
    }

    /// No two methods of different text look the same.
    @Test func namesAreDistinct() {
        let shown = MethodSpecification.all.map(\.displayName)
        #expect(Set(shown).count == Set(MethodSpecification.all.map(\.description)).count)
        for specification in MethodSpecification.all {
            #expect(displayName(ofMethod: specification.description) == specification.displayName)
        }
    }
}
