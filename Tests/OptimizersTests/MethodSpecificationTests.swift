import Errors
import Optimizers
import Testing
import Theory

struct MethodSpecificationTests {
    @Test func everyFormReadsBackAsItself() throws {
        for specification in MethodSpecification.all {
            #expect(try MethodSpecification(parsing: specification.description) == specification)
        }
        #expect(Set(MethodSpecification.all.map(\.description)).count == MethodSpecification.all.count)
    }

    @Test(arguments: [
        ("adam-warmup:4000", MethodSpecification.adamWarmup(.linear(steps: 4000))),
        ("adam-2k", .adamFreeze(steps: 2000)),
        ("adam-2k:500", .adamFreeze(steps: 500)),
        ("adam-eps:1e-4", .adamEpsilon(.constant(1e-4))),
        ("adam-eps:1e-8:1e-4:300:linear", .adamEpsilon(.linear(first: 1e-8, last: 1e-4, steps: 300))),
        ("sgd:0.9", .sgd(momentum: 0.9)),
        ("rmsprop", .rmsprop()),
    ])
    func reads(text: String, expected: MethodSpecification) throws {
        #expect(try MethodSpecification(parsing: text) == expected)
    }

    @Test(arguments: [
        "", "Adam", "adam:1", "adam-warmup", "adam-warmup:0", "adam-warmup:1.5", "adam-eps:-1", "adam-eps:1:2", "adam-eps:nan",
        "adam-eps:0:1e-4:10", "adam-eps:1e-8:1e-4:10:cubic", "sgd:1", "sgd:-0.1", "sgd:", "sgd:0.9:0.1", "nesterov", "rmsprop:x",
        "adam-2k:0", "radam:4",
    ])
    func refuses(text: String) {
        #expect { try MethodSpecification(parsing: text) } throws: { ($0 as? ParameterError)?.rule.isEmpty == false }
    }
}
