import Foundation
import TestSupport
import Testing

/// What `varlab train` and `varlab sweep` refuse: in one line, under the option's own name, before anything is made.
@Suite struct TrainBadInputTests {
    private static let small = ["--preset", "small", "--quiet"]

    private func expectRefusal(_ arguments: [String], status: Int32 = 64, mentions: [String], _ scratch: Scratch) throws {
        let outcome = try Command.run(arguments + Self.small + ["--output", "out"], in: scratch.url)
        #expect(outcome.status == status, "\(arguments): \(outcome.status) \(outcome.errors)")
        for mention in mentions { #expect(outcome.errors.contains(mention), "\(arguments): \(outcome.errors)") }
        #expect(outcome.errors.filter { $0 == "\n" }.count == 1, "\(outcome.errors)")
        #expect(!scratch.names.contains("out"), "\(arguments) left its folder")
    }

    @Test(arguments: [
        (["--optimizer", "adamm"], 64, "--optimizer adamm"), (["--optimizer", "adam,adam"], 64, "twice"),
        (["--optimizer", ""], 64, "--optimizer"), (["--optimizer", "adam,,radam"], 64, "empty"),
        (["--optimizer", "sgd:2"], 64, "--optimizer sgd:2: momentum must be"), (["--optimizer", "adam-eps:-1"], 64, "--optimizer adam-eps:-1: epsilon must be"),
        (["--optimizer", "adam-2k:9223372036854775807"], 64, "--optimizer adam-2k:9223372036854775807"),
        (["--optimizer", "adam-2k:9999999", "--steps", "9999999"], 64, "--optimizer adam-2k:9999999"),
        (["--task", "cifar"], 64, "cifar"), (["--lr", "fast"], 64, "fast"), (["--lr", "-1"], 64, "--lr -1"),
        (["--lr", "nan"], 64, "--lr nan"), (["--lr", "inf"], 64, "--lr inf"), (["--steps", "0"], 64, "--steps 0"),
        (["--steps", "9223372036854775807"], 64, "--steps 9223372036854775807: must be from 1 to 10000000"),
        (["--steps", "-9223372036854775808"], 64, "--steps -9223372036854775808"), (["--steps", "10000001"], 64, "--steps 10000001"),
        (["--task", "digits", "--steps", "9223372036854775807"], 64, "--steps 9223372036854775807"),
        (["--histogram-steps", "500"], 64, "histogram-steps 500"), (["--record-gradients", "99999999"], 64, "99999999"),
        (["--record-gradients", "-1"], 64, "--record-gradients -1"),
        (["--source", "a.txt"], 64, "--target"), (["--source", "a.txt", "--target", "b.txt"], 65, "b.txt"),
        (["--source", "a.txt", "--target", "missing"], 65, "missing"), (["--betas", "0.9"], 64, "betas"),
        (["--betas", "0.9,1"], 64, "--betas 0.9,1: β2"), (["--betas", "0.9,1.2"], 64, "--betas 0.9,1.2: β2"),
        (["--betas", "-1,0.9"], 64, "--betas -1,0.9: β1"), (["--betas", "nan,0.9"], 64, "--betas nan,0.9: β1"),
        (["--betas", "0.9,1e-200", "--optimizer", "radam-exact"], 64, "--betas 0.9,1e-200"),
        (["--optimizer", "adam", "--rectification-law", "laplace"], 64, "--rectification-law laplace: is for radam-exact"),
        (["--optimizer", "radam-exact", "--rectification-law", "cauchy"], 64, "--rectification-law cauchy"),
        (["--optimizer", "radam-exact", "--rectification-law", "trace:missing.npy"], 65, "missing.npy"),
        (["--optimizer", "radam-exact,radam-exact:laplace", "--rectification-law", "laplace"], 64, "twice"),
        (["--epsilon", "-1"], 64, "--epsilon -1"), (["--epsilon", "inf"], 64, "--epsilon inf"), (["--epsilon", "nan"], 64, "--epsilon nan"),
        (["--rmsprop-decay", "1"], 64, "--rmsprop-decay 1"), (["--weight-decay", "-0.1"], 64, "--weight-decay -0.1"),
        (["--weight-decay", "inf"], 64, "--weight-decay inf"),
        (["--dropout", "1"], 64, "dropout 1"), (["--dropout", "nan"], 64, "dropout nan"), (["--threads", "0"], 64, "--threads 0"),
        (["--label-smoothing", "2"], 64, "--label-smoothing 2"),
        (["--task", "digits", "--dropout", "0.1"], 64, "dropout"), (["--freeze-parameters"], 64, "freeze-parameters"),
        (["--clip", "0"], 64, "--clip 0"), (["--clip", "inf"], 64, "--clip inf"), (["--clip", "1e400"], 64, "--clip inf"),
        (["--clip", "nan"], 64, "--clip nan"), (["--clip", "-3"], 64, "--clip -3"),
        (["--lr-decay", "linear"], 64, "--lr-decay linear: the forms are"), (["--lr-decay", "linear:0"], 64, "--lr-decay linear:0"),
        (["--lr-decay", "cosine:10:2"], 64, "--lr-decay cosine:10:2"), (["--lr-decay", "steps:1:nan"], 64, "--lr-decay steps:1:nan"),
        (["--like", "tensorflow"], 64, "--like"), (["--betas", "0.9,0.99", "--betas", "0.9,0.999"], 64, "--betas"),
        (["--images", "missing"], 65, "missing: neither train-images-idx3-ubyte nor data_batch_1.bin"), (["--task", "images"], 64, "--images none"),
        (["--task", "fashion", "--images", "idx"], 64, "--images idx: the task fashion reads no other images"),
        (["--images", "idx", "--shift", "2"], 64, "--shift 2: must be from 0 to 1 for images of 3×2 pixels"), (["--images", "idx", "--source", "a.txt", "--target", "a.txt"], 64, "--source"),
        (["--task", "fashion", "--shift", "14"], 64, "--shift 14"), (["--task", "fashion", "--shift", "-1"], 64, "--shift -1"),
        (["--task", "fashion", "--shift", "-9223372036854775808"], 64, "--shift -9223372036854775808"),
        (["--no-flip"], 64, "--flip no: the task de-en has no images"), (["--shift", "1"], 64, "--shift 1: the task de-en has no images"),
    ])
    func badArguments(arguments: [String], status: Int32, mention: String) throws {
        let scratch = try Scratch()
        try scratch.put("ein kleines haus steht hier\nund noch ein satz dazu\n", at: "a.txt")
        try scratch.put("a small house is here\n", at: "b.txt")
        try ImageFiles.put(ImageFiles.idx, in: scratch, folder: "idx")
        try expectRefusal(["train"] + arguments, status: status, mentions: [mention], scratch)
    }

    @Test(arguments: [
        "1,x", "-1", "18446744073709551616", "3-1", "1-", "-", "1-2-3", "0-9:0", "0-9:-1", "0-9:1:1", "", "1,,2", "1 - 3",
        "0-18446744073709551615", "0-10000", "1-9999,20000-29999", "0x10", "1.5",
    ])
    func badSeeds(text: String) throws {
        try expectRefusal(["train", "--task", "digits", "--steps", "3", "--seeds", text], mentions: ["--seeds"], Scratch())
    }

    @Test func seedsTwiceAreRefusedAlsoWithinRanges() throws {
        for text in ["2,2", "1-3,3", "0-10:5,10"] {
            try expectRefusal(["train", "--task", "digits", "--seeds", text], mentions: ["--seeds", "twice"], Scratch())
        }
    }

    @Test(arguments: [
        ("0-2", ["0", "1", "2"]), ("5", ["5"]), ("3,1-2", ["3", "1", "2"]), ("0-10:5", ["0", "5", "10"]), ("0-11:5", ["0", "5", "10"]),
        ("18446744073709551614-18446744073709551615", ["18446744073709551614", "18446744073709551615"]),
        ("7-7", ["7"]),
    ])
    func seedsAreListedAsSteps(text: String, seeds: [String]) throws {
        let scratch = try Scratch()
        let outcome = try Command.run(
            ["train", "--task", "digits", "--optimizer", "sgd", "--steps", "1", "--seeds", text, "--output", "out"] + Self.small, in: scratch.url)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(CSVText(scratch.text("out/summary.csv") ?? "").rows.map { $0["seed"] } == seeds)
    }

    @Test(arguments: [
        "adam", "adam:1-4", "adam:2-", "adam:1-4,radam:6-", "adam:1-4,radam:5-8", "adam:4-1,radam:5-", "adam:1-,radam:5-",
        "adamm:1-", "adam:1-4,,radam:5-", "adam:1-4,rmsprop:0.9:5-", "adam:1-9223372036854775807,radam:5-",
        "adam:1-10000000,radam:10000001-", "adam:1-4,sgd:2:5-", "", ":1-", "adam:-", "adam:1-99999999999999999999,radam:5-", "adam:0-4,radam:5-",
        "adam:-9223372036854775808-4,radam:5-",
    ])
    func badStretches(text: String) throws {
        try expectRefusal(["sweep", "--task", "digits", "--stretch", text], mentions: ["--stretch"], Scratch())
    }

    @Test func thePaperIsOfImages() throws {
        let outcome = try Command.run(["train", "--preset", "paper", "--output", "out"])
        #expect(outcome.status == 64 && outcome.errors.contains("--preset paper: is for the tasks fashion and images"), "\(outcome.errors)")
    }

    /// Cheap checks come before the vocabulary is learned, which is most of the time until training begins.
    @Test func badOptionsFailAtOnce() throws {
        let scratch = try Scratch()
        func seconds(_ arguments: [String]) throws -> Double {
            // The shorter of two: other work on the machine lengthens some.
            try (0..<2).map { _ in
                let start = ContinuousClock.now
                try expectRefusal(["train"] + arguments, mentions: ["--"], scratch)
                return (ContinuousClock.now - start) / .seconds(1)
            }.min()!
        }
        let learning = try seconds(["--record-gradients", "99999999"])
        for arguments in [["--betas", "0.9,1"], ["--histogram-steps", "500"], ["--steps", "0"], ["--dropout", "2"], ["--optimizer", "adam,adam"]] {
            let cheap = try seconds(arguments)
            #expect(cheap < learning / 2, "\(arguments): \(cheap) s, and \(learning) s with the vocabulary")
        }
    }

    /// Strings of the characters that the lists are made of: each is read or refused, and nothing traps or runs on.
    @Test func arbitraryTextIsReadOrRefused() throws {
        var generator = SplitMix(state: 9)
        let pieces = ["1", "9223372036854775807", "-", "-9223372036854775808", ":", ",", "e", ".", "inf", "nan", "adam", "radam", "sgd", "0", "adam-2k", "18446744073709551616"]
        let scratch = try Scratch()
        for round in 0..<60 {
            let text = (0..<Int.random(in: 1...6, using: &generator)).map { _ in pieces.randomElement(using: &generator)! }.joined()
            let option = ["--seeds", "--stretch", "--optimizer", "--betas", "--clip", "--lr-decay", "--histogram-steps"][round % 7]
            // Something else is refused after them, so that nothing is trained.
            let command = option == "--stretch" ? ["sweep", "--steps", "0"] : ["train", "--record-gradients", "99999999"]
            let outcome = try Command.run(command + ["--task", "digits", option, text, "--output", "out"] + Self.small, in: scratch.url)
            #expect(outcome.status == 64, "\(option) \(text): \(outcome.status) \(outcome.errors)")
            #expect(outcome.errors.filter { $0 == "\n" }.count == 1 && !scratch.names.contains("out"), "\(option) \(text)")
        }
    }
}
