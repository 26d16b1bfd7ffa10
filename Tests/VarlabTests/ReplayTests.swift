import Foundation
import TestSupport
import Testing

/// `varlab replay` from a trace to the folder of results.
@Suite struct ReplayTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func write(_ text: String, as name: String) throws {
        try text.write(toFile: scratch.path(name), atomically: true, encoding: .utf8)
    }

    private func replay(_ arguments: String) throws -> Command.Outcome {
        try Command.run(["replay"] + arguments.split(separator: " ").map(String.init), in: scratch.url)
    }

    /// The rows of `update.csv` by column.
    private func updates(_ folder: String) throws -> [[String: String]] {
        let lines = try String(contentsOfFile: scratch.path("\(folder)/update.csv"), encoding: .utf8).split(separator: "\n")
        let names = lines[0].split(separator: ",").map(String.init)
        return lines.dropFirst().map { line in
            Dictionary(uniqueKeysWithValues: zip(names, line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)))
        }
    }

    /// The numbers of a trajectory, which must have this shape.
    private func trajectory(_ path: String, shape: [Int]) throws -> [Double] {
        let data = try Data(contentsOf: scratch.url.appending(path: path))
        let size = 10 + Int(data[8]) + Int(data[9]) << 8
        let tuple = shape.count == 1 ? "(\(shape[0]),)" : "(\(shape.map(String.init).joined(separator: ", ")))"
        let header = String(decoding: data[10..<size], as: UTF8.self)
        #expect(header.contains("'<f8'") && header.contains("'shape': \(tuple)") && size % 64 == 0, "\(header)")
        let values = data[size...].withUnsafeBytes { bytes in
            (0..<bytes.count / 8).map { bytes.loadUnaligned(fromByteOffset: 8 * $0, as: Double.self) }
        }
        #expect(values.count == shape.reduce(1, *))
        return values
    }

    /// The reference trajectories of PyTorch and optax that the optimizers are tested against, and the call that gives each. Tolerances
    /// are those of that test: a step rounds differently, and their ρ_t loses digits.
    @Test(arguments: [
        ("torch.RAdam lr=0.001 betas=(0.9,0.999) eps=1e-08", "radam", "--like torch", 1e-9),
        ("torch.Adam lr=0.001 betas=(0.9,0.999) eps=1e-08", "adam", "--like torch", 1e-12),
        ("torch.Adam lr=0.001 betas=(0.9,0.999) eps=0.0001", "adam-eps:1e-4", "--like torch", 1e-12),
        ("torch.RMSprop lr=0.001 alpha=0.99 eps=1e-08", "rmsprop", "--like torch", 1e-12),
        ("torch.SGD lr=0.001 momentum=0.9", "sgd:0.9", "--like torch", 1e-12),
        ("torch.RAdam lr=0.001 betas=(0.9,0.999) eps=1e-08 weight_decay=0.01 decoupled_weight_decay=True", "radam",
         "--like torch --weight-decay 0.01 --decoupled-weight-decay", 1e-9),
        ("torch.RAdam lr=0.001 betas=(0.9,0.99) eps=1e-08 weight_decay=0.01 decoupled_weight_decay=False", "radam",
         "--like torch --weight-decay 0.01 --betas 0.9,0.99", 1e-9),
        ("optax.radam learning_rate=0.001 b1=0.9 b2=0.999 eps=1e-08 threshold=5", "radam", "--like optax", 1e-9),
        ("optax.adam learning_rate=0.001 b1=0.9 b2=0.999 eps=1e-08", "adam", "--like optax", 1e-12),
    ])
    func followsTheReference(name: String, optimizer: String, options: String, tolerance: Double) throws {
        let reference = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "OptimizersTests/Reference")
        let gradients = reference.appending(path: "optimizer_gradients.npy").path
        try write("0\n1\n-1\n0.5\n2\n", as: "start.csv")
        let outcome = try Command.run(
            ["replay", "--gradients", gradients, "--parameters", "start.csv", "--optimizer", optimizer, "--output", "out"]
                + options.split(separator: " ").map(String.init), in: scratch.url)
        #expect(outcome.status == 0, "\(outcome.errors)")
        let file = "out/trajectory-\(optimizer.replacingOccurrences(of: ":", with: "-")).npy"
        let ours = try trajectory(file, shape: [40, 5])
        let initial = [0, 1, -1, 0.5, 2]
        var count = 0
        for line in try String(contentsOf: reference.appending(path: "optimizers.csv"), encoding: .utf8).split(whereSeparator: \.isNewline) {
            guard line.drop(while: { $0 == "\"" }).hasPrefix(name) else { continue }
            let cells = line.dropFirst(name.count + (line.hasPrefix("\"") ? 2 : 0)).split(separator: ",").map { Double($0) }
            // A longer name begins the same.
            guard cells.count == 6, let step = cells[0] else { continue }
            for (coordinate, start) in initial.enumerated() {
                let theirs = try #require(cells[coordinate + 1])
                let bound = tolerance * abs(theirs - start) + step * max(theirs.ulp, start.ulp)
                #expect(abs(ours[(Int(step) - 1) * 5 + coordinate] - theirs) <= bound, "t = \(step), theta_\(coordinate)")
                count += 1
            }
        }
        #expect(count == 200)
    }

    /// SGD with α = ½ on (1, -2), (0, 0), (4, 4); Adam's first step on the first is α sign(g), with ψ = 1 and ½.
    @Test func tableByHand() throws {
        try write("1,-2\n0,0\n4,4\n", as: "trace.csv")
        let outcome = try replay("--gradients trace.csv --optimizer sgd,adam --lr 0.5 --epsilon 0 --output out --pdf")
        #expect(outcome.status == 0 && outcome.output.isEmpty && !outcome.errors.contains("note"), "\(outcome.errors)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path("out")).sorted() == [
            "replay_update.csv", "replay_update.gp", "replay_update.pdf", "replay_update.svg", "run.json",
            "trajectory-adam.npy", "trajectory-sgd.npy", "update.csv",
        ])
        #expect(try trajectory("out/trajectory-sgd.npy", shape: [3, 2]) == [-0.5, 1, -0.5, 1, -2.5, -1])
        let text = try String(contentsOfFile: scratch.path("out/update.csv"), encoding: .utf8)
        #expect(text.hasPrefix("optimizer,t,update_rms,update_max,psi_mean,psi_var,r_t,alpha_t,epsilon_t,update_rms_exact\n"))
        #expect(text.contains("\nsgd,1,\((0.625).squareRoot()),1,,,,0.5,,\nsgd,2,0,0,,,,0.5,,\nsgd,3,2,2,,,,0.5,,\n"))
        let adam = try updates("out").first { $0["optimizer"] == "adam" }!
        for (column, value) in [("update_rms", 0.5), ("update_max", 0.5), ("psi_mean", 0.75), ("psi_var", 0.125), ("update_rms_exact", 0.5)] {
            #expect(abs(Double(adam[column]!)! / value - 1) < 1e-12, "\(column)")
        }
        #expect(adam["alpha_t"] == "0.5" && adam["epsilon_t"] == "0" && adam["r_t"] == "")
        let record = try JSONSerialization.jsonObject(with: Data(contentsOf: scratch.url.appending(path: "out/run.json")))
        let fields = try #require(record as? [String: Any])
        let inputs = try #require(fields["inputs"] as? [[String: Any]])
        #expect(inputs.count == 1 && (inputs[0]["sha256"] as? String)?.count == 64)
        let parameters = try #require(fields["parameters"] as? [String: Any])
        let optimizers = try #require(parameters["optimizers"] as? [[String: Any]])
        #expect(optimizers.map { $0["name"] as? String } == ["sgd", "adam"] && parameters["like"] as? String == "paper")
        // Plain words and numbers.
        let method = try #require(optimizers[1]["method"] as? [String: Any])
        #expect(method["warmup"] as? String == "none" && method["epsilon"] as? Double == 0 && method["lr_decay"] as? String == "constant")
        #expect(method["momentum"] as? String == "average" && method["momentum_decay"] as? Double == 0.9 && method["beta2"] as? Double == 0.999)
        #expect(method.values.allSatisfy { !($0 is [String: Any]) })
    }

    /// r_t, α_t and ε_t are those of the tables of theory: RAdam of the paper rectifies from t = 5 on, and before it takes momentum steps.
    @Test func columnsOfRectificationAndSchedules() throws {
        try write((1...8).map { "\($0),-1\n" }.joined(), as: "trace.csv")
        let outcome = try replay(
            "--gradients trace.csv --optimizer radam,adam-warmup:4,adam-eps:1e-8:1e-4:5,adam-2k:3 --like paper --lr-decay linear:8 --output out")
        #expect(outcome.status == 0, "\(outcome.errors)")
        let rows = try updates("out")
        func column(_ optimizer: String, _ name: String) -> [Double?] {
            rows.filter { $0["optimizer"] == optimizer }.map { Double($0[name]!) }
        }
        let table = try Command.run(["rho-table", "--beta2", "0.999", "--steps", "1-8", "--format", "csv"]).output
        let theory = table.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
        let index = try #require(theory[0].firstIndex(of: "r_t"))
        #expect(column("radam", "r_t") == theory.dropFirst().map { Double($0[index]) })
        #expect(column("radam", "r_t").map { $0 == nil } == [true, true, true, true, false, false, false, false])
        #expect(column("radam", "update_rms_exact").map { $0 == nil } == column("radam", "r_t").map { $0 == nil })
        let decay = (0..<8).map { 0.001 * (1 - Double($0) / 8) }
        #expect(column("radam", "alpha_t") == decay)
        #expect(column("adam-warmup:4", "alpha_t") == zip(decay, [0.25, 0.5, 0.75, 1, 1, 1, 1, 1]).map { $0 * $1 })
        let epsilon = column("adam-eps:1e-8:1e-4:5", "epsilon_t").map { $0! }
        for (found, value) in zip(epsilon, [1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-4]) { #expect(abs(found / value - 1) < 1e-14) }
        #expect(column("adam-2k:3", "update_max").map { $0! > 0 } == [false, false, false, true, true, true, true, true])
        #expect(FileManager.default.fileExists(atPath: scratch.path("out/trajectory-adam-eps-1e-8-1e-4-5.npy")))
    }

    /// The law's update for normal gradients against a thousand coordinates of them: Σ u²/n is an average of n independent values of
    /// (m̂ψ)² with mean E, which by Cauchy's inequality are at most Σ a_i²/w_i ≤ 1.4 for t ≤ 20. So its standard error is below
    /// √(1.4 E/n); one of 20 steps is off by four of them with a probability of at most 0.13%. The seed is fixed.
    @Test func exactLawGoesThroughNormalGradients() throws {
        var generator = SplitMix(state: 1)
        func uniform() -> Double { generator.uniform() }
        let rows = (0..<20).map { _ in
            (0..<1000).map { _ in String((-2 * log(uniform())).squareRoot() * cos(2 * .pi * uniform())) }.joined(separator: ",")
        }
        try write(rows.joined(separator: "\n") + "\n", as: "trace.csv")
        #expect(try replay("--gradients trace.csv --optimizer adam,radam --like torch --lr 1 --output out").status == 0)
        var compared = 0
        for row in try updates("out") {
            guard let exact = Double(row["update_rms_exact"]!), let found = Double(row["update_rms"]!) else { continue }
            let scale = Double(row["r_t"]!) ?? 1
            let (mean, sample) = (exact * exact / (scale * scale), found * found / (scale * scale))
            #expect(abs(sample - mean) < 4 * (1.4 * mean / 1000).squareRoot(), "\(row)")
            compared += 1
        }
        #expect(compared == 20 + 15)
    }

    /// Unasked it is the paper's method, as in training: SGD's momentum is an average with bias correction, which PyTorch's is not.
    @Test func unaskedItIsThePapersMethod() throws {
        try write("1,-2\n0,0.5\n4,4\n", as: "trace.csv")
        for (folder, options) in [("unasked", ""), ("paper", " --like paper"), ("torch", " --like torch")] {
            #expect(try replay("--gradients trace.csv --optimizer sgd:0.5 --lr 1 --output \(folder)\(options)").status == 0)
        }
        // m̂_1 = g_1; m_2 = (1-½)(½ g_1) and m̂_2 = m_2/¾; PyTorch's m_2 = ½ g_1.
        for (found, value) in zip(try trajectory("unasked/trajectory-sgd-0.5.npy", shape: [3, 2]), [-1, 2, -1 - 1.0 / 3]) {
            #expect(abs(found - value) < 1e-15)
        }
        #expect(try trajectory("paper/trajectory-sgd-0.5.npy", shape: [3, 2]) == trajectory("unasked/trajectory-sgd-0.5.npy", shape: [3, 2]))
        #expect(try Array(trajectory("torch/trajectory-sgd-0.5.npy", shape: [3, 2])[0..<3]) == [-1, 2, -1.5])
        let help = try Command.run(["replay", "--help"]).output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        for text in ["default: paper)", "(default: 0.9,0.999)", "(default: 0)", "(default: constant)", "average with bias correction in paper"] {
            #expect(help.contains(text), "\(text)")
        }
    }

    @Test func equalInputsGiveEqualBytes() throws {
        try write((1...50).map { "\(sin(Double($0))),\(cos(3 * Double($0))),0\n" }.joined(), as: "trace.csv")
        for threads in ["1", "3"] {
            let outcome = try replay("--gradients trace.csv --optimizer radam,adam,nadam,sgd:0.9 --threads \(threads) --output out\(threads)")
            #expect(outcome.status == 0, "\(outcome.errors)")
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: scratch.path("out1"))
        #expect(names.count == 9)
        for name in names {
            let one = try Data(contentsOf: scratch.url.appending(path: "out1/\(name)"))
            #expect(try Data(contentsOf: scratch.url.appending(path: "out3/\(name)")) == one, "\(name)")
        }
    }

    /// An `.npy` of single precision; `values` in the file's order.
    private func write(_ values: [Float], shape: String, isFortran: Bool, as name: String) throws {
        let dictionary = "{'descr': '<f4', 'fortran_order': \(isFortran ? "True" : "False"), 'shape': \(shape), }\n"
        var data = Data([0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(dictionary.utf8.count), 0] + Array(dictionary.utf8))
        values.withUnsafeBytes { data.append(contentsOf: $0) }
        try data.write(to: scratch.url.appending(path: name))
    }

    /// More coordinates than a block of the reader has, in both orders: whole numbers, so that SGD with α = 1 is exact.
    @Test(arguments: [false, true])
    func wideTraces(isFortran: Bool) throws {
        let width = isFortran ? 5000 : (1 << 20) + 3
        func gradient(_ step: Int, _ coordinate: Int) -> Float { Float((coordinate % 1000) * (step + 1)) }
        let values = isFortran
            ? (0..<width).flatMap { coordinate in (0..<3).map { gradient($0, coordinate) } }
            : (0..<3).flatMap { step in (0..<width).map { gradient(step, $0) } }
        try write(values, shape: "(3, \(width))", isFortran: isFortran, as: "wide.npy")
        let outcome = try replay("--gradients wide.npy --optimizer sgd,adam --lr 1 --steps 2 --clip 1e300 --output out")
        #expect(outcome.status == 0, "\(outcome.errors)")
        let theta = try trajectory("out/trajectory-sgd.npy", shape: [2, width])
        let isRight = (0..<width).allSatisfy { theta[$0] == -Double($0 % 1000) && theta[width + $0] == -3 * Double($0 % 1000) }
        #expect(isRight)
        #expect(try updates("out").map { $0["t"] } == ["1", "2", "1", "2"])
    }

    @Test func nonfiniteStepsAreRefusedOrSkipped() throws {
        try write("1,2\nnan,1\n3,inf\n2,1\n", as: "bad.csv")
        try write("1,2\n2,1\n", as: "good.csv")
        let refused = try replay("--gradients bad.csv --output out")
        #expect(refused.status == 65 && refused.errors.filter { $0 == "\n" }.count == 1)
        for part in ["bad.csv", "step 2", "coordinate 0", "2 such values", "--skip-nonfinite"] {
            #expect(refused.errors.contains(part), "\(refused.errors)")
        }
        #expect(scratch.names == ["bad.csv", "good.csv"])
        let skipped = try replay("--gradients bad.csv --optimizer adam --skip-nonfinite --output out")
        #expect(skipped.status == 0 && skipped.errors.contains("2 steps") && skipped.errors.contains("step 2"), "\(skipped.errors)")
        #expect(try replay("--gradients good.csv --optimizer adam --output good").status == 0)
        let good = try trajectory("good/trajectory-adam.npy", shape: [2, 2])
        let bad = try trajectory("out/trajectory-adam.npy", shape: [4, 2])
        #expect(bad == Array(good[..<2]) + Array(good[..<2]) + Array(good[..<2]) + Array(good[2...]))
        let rows = try updates("out")
        #expect(rows.map { $0["t"] } == ["1", "2", "3", "4"])
        for row in rows[1...2] {
            let isEmpty = row.allSatisfy { $0.key == "optimizer" || $0.key == "t" || $0.value.isEmpty }
            #expect(isEmpty)
        }
    }

    @Test func overflowIsSaid() throws {
        try write("1e308\n1e308\n1e308\n", as: "trace.csv")
        let outcome = try replay("--gradients trace.csv --optimizer sgd --lr 1e10 --output out")
        #expect(outcome.status == 0 && outcome.errors.contains("sgd: from step 1 on"), "\(outcome.errors)")
    }

    @Test func outputIsKeptWithoutForce() throws {
        try write("1\n2\n", as: "trace.csv")
        #expect(try replay("--gradients trace.csv --output out").status == 0)
        #expect(try trajectory("out/trajectory-radam.npy", shape: [2]).count == 2)
        let again = try replay("--gradients trace.csv --output out")
        #expect(again.status == 73 && again.errors.contains("not empty"))
        #expect(try replay("--gradients trace.csv --output out --force").status == 0)
    }

    @Test(arguments: [
        ("trace.csv --optimizer radam,adam,radam", 64, ["--optimizer radam", "twice"]),
        ("trace.csv --optimizer adam-2k,adam-2k:2000", 64, ["adam-2k:2000", "same as adam-2k"]),
        ("trace.csv --optimizer lion", 64, ["lion", "adam-warmup"]), ("trace.csv --optimizer radam,", 64, ["--optimizer"]),
        ("trace.csv --optimizer sgd:1", 64, ["--optimizer sgd:1", "[0, 1)"]),
        ("trace.csv --optimizer adam-warmup:0", 64, ["--optimizer adam-warmup:0"]),
        ("trace.csv --lr -1", 64, ["--lr -1"]), ("trace.csv --lr nan", 64, ["--lr nan"]),
        ("trace.csv --betas 0.9", 64, ["--betas", "two"]), ("trace.csv --betas 0.9,1", 64, ["--betas 0.9,1", "[0, 1)"]),
        ("trace.csv --betas nan,0.9", 64, ["--betas nan,0.9"]), ("trace.csv --epsilon -1", 64, ["--epsilon -1"]),
        ("trace.csv --weight-decay -1", 64, ["--weight-decay -1"]), ("trace.csv --rmsprop-decay 1", 64, ["--rmsprop-decay 1"]),
        ("trace.csv --clip 0", 64, ["--clip 0"]), ("trace.csv --clip inf", 64, ["--clip inf"]),
        ("trace.csv --lr-decay linear:0", 64, ["--lr-decay linear:0"]), ("trace.csv --lr-decay foo", 64, ["--lr-decay foo", "cosine"]),
        ("trace.csv --like keras", 64, ["--like", "optax"]), ("trace.csv --steps 0", 64, ["--steps 0"]),
        ("trace.csv --steps 4", 64, ["--steps 4", "3 recorded"]), ("trace.csv --threads 0", 64, ["--threads 0"]),
        ("trace.csv --array other", 64, ["--array other", "trace"]), ("missing.npy", 65, ["missing.npy"]),
        ("trace.csv --parameters missing.npy", 65, ["missing.npy"]),
        ("trace.csv --parameters three.csv", 65, ["three.csv", "shape (3,)", "shape (3, 2)"]),
        ("trace.csv --parameters trace.csv", 65, ["shape (3, 2)"]), ("trace.csv --parameters nan.csv", 65, ["nan.csv", "coordinate 1"]),
        ("both.safetensors", 65, ["both.safetensors", "a, b", "--array"]),
        ("trace.csv --parameters both.safetensors", 65, ["both.safetensors", "--array"]),
    ])
    func badArguments(arguments: String, status: Int32, mentions: [String]) throws {
        try write("1,2\n3,4\n5,6\n", as: "trace.csv")
        try write("1\n2\n3\n", as: "three.csv")
        try write("1\nnan\n", as: "nan.csv")
        let header = #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}"#
        var tensors = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Data($0) }
        tensors.append(contentsOf: Array(header.utf8) + [UInt8](repeating: 0, count: 12))
        try tensors.write(to: scratch.url.appending(path: "both.safetensors"))
        let before = scratch.names
        let outcome = try replay("--output out --gradients \(arguments)")
        #expect(outcome.status == status, "\(outcome.errors)")
        #expect(outcome.output.isEmpty && outcome.errors.filter { $0 == "\n" }.count == 1, "\(outcome.errors)")
        for mention in mentions { #expect(outcome.errors.contains(mention), "\(outcome.errors)") }
        #expect(scratch.names == before)
    }

    /// r_t by the law of the trace itself: in its own rows, files and record, with the digest of the file.
    @Test func rectificationByAnotherLaw() throws {
        try write("1,2\n-3,0.5\n0.5,-6\n2,1\n", as: "trace.csv")
        let outcome = try replay("--output out --gradients trace.csv --optimizer radam-exact,adam --rectification-law trace:trace.csv --quiet")
        #expect(outcome.status == 0, "\(outcome.errors)")
        let rows = try updates("out").filter { $0["optimizer"] == "radam-exact:trace" }
        // No value is at its coordinate's mean, so that ψ has a variance from the first step on.
        #expect(rows.count == 4 && rows.allSatisfy { Double($0["r_t"]!)! > 0 })
        #expect(scratch.names("out").contains("trajectory-radam-exact-trace.npy"))
        let record = try #require(scratch.text("out/run.json"))
        #expect(record.contains("\"rectification\" : \"exact-law:trace:") && record.components(separatedBy: "\"trace.csv\"").count == 3, "\(record)")
        let laplace = try replay("--output laplace --gradients trace.csv --optimizer radam-exact --rectification-law laplace --quiet")
        #expect(try laplace.status == 0 && updates("laplace").map { $0["optimizer"] } == Array(repeating: "radam-exact:laplace", count: 4))
    }

    @Test func arrayOfAFileWithSeveral() throws {
        let header = #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}"#
        var tensors = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Data($0) }
        tensors.append(contentsOf: Array(header.utf8))
        for value: Float in [1, 2, 3] { withUnsafeBytes(of: value) { tensors.append(contentsOf: $0) } }
        try tensors.write(to: scratch.url.appending(path: "both.safetensors"))
        #expect(try replay("--gradients both.safetensors --array a --optimizer sgd --lr 1 --output out").status == 0)
        #expect(try trajectory("out/trajectory-sgd.npy", shape: [2]) == [-1, -3])
    }

    /// torch.optim.AdamW decays by 0.01 unless told otherwise, and so is not Adam.
    @Test func adamWOfTorchDecays() throws {
        try write("0\n0\n", as: "trace.csv")
        try write("8\n", as: "start.csv")
        func last(_ options: String) throws -> Double {
            #expect(try replay("--gradients trace.csv --parameters start.csv --optimizer adamw --lr 0.5 --force --output out \(options)").status == 0)
            return try trajectory("out/trajectory-adamw.npy", shape: [2])[1]
        }
        let decay = { (rate: Double) in 8 * (1 - 0.5 * rate) * (1 - 0.5 * rate) }
        #expect(try abs(last("--like torch") - decay(0.01)) < 1e-14)
        #expect(try abs(last("--like optax") - decay(1e-4)) < 1e-14)
        #expect(try last("--like paper") == 8 && last("--like torch --weight-decay 0") == 8)
        #expect(try abs(last("--like paper --weight-decay 0.25") - decay(0.25)) < 1e-14)
    }

    /// The law's column is filled where its assumptions hold, for every kind of method.
    @Test func exactLawIsForMethodsOfItsForm() throws {
        try write((1...8).map { "\($0),-1\n" }.joined(), as: "trace.csv")
        let filled = ["adam", "adamw", "radam", "radam-closed-form", "radam-exact", "adam-warmup:4", "adam-untuned-linear", "adam-rectified-warmup"]
        let empty = [
            "sgd", "sgd:0.9", "nesterov:0.9", "rmsprop", "rmsprop:0.9", "rmsprop-centred", "nadam", "adam-eps", "adam-eps:1e-3",
            "adam-eps:1e-8:1e-4:5", "adam-eps:0:1e-8:5:linear", "adam-2k:3",
        ]
        func columns(_ options: String) throws -> [String: Bool] {
            let names = filled + empty
            let outcome = try replay("--gradients trace.csv --optimizer \(names.joined(separator: ",")) --force --output out \(options)")
            #expect(outcome.status == 0, "\(outcome.errors)")
            return Dictionary(grouping: try updates("out")) { $0["optimizer"]! }.mapValues { $0.contains { $0["update_rms_exact"] != "" } }
        }
        for like in ["paper", "authors"] {
            let found = try columns("--like \(like)")
            for name in filled { #expect(found[name] == true, "\(like), \(name)") }
            for name in empty { #expect(found[name] == false, "\(like), \(name)") }
        }
        // AdamW of PyTorch has a weight decay of its own.
        #expect(try columns("--like torch")["adamw"] == false)
        for options in ["--weight-decay 0.1", "--clip 1", "--epsilon 1e-4"] {
            #expect(try columns(options).values.allSatisfy { !$0 }, "\(options)")
        }
        #expect(try columns("--epsilon 0")["adam"] == true)
    }

    /// Where a step is not PyTorch's: 0/0, and a second moment beyond the largest double.
    @Test func differencesFromPyTorchAreSaid() throws {
        try write("0,1\n0,1\n1,1\n", as: "zeros.csv")
        let zeros = try replay("--gradients zeros.csv --optimizer adam,radam,adam-eps:1e-3 --epsilon 0 --output zeros --quiet")
        #expect(zeros.status == 0 && zeros.errors.contains("note: adam: step 1: the second moment of 1 of 2 coordinates is 0"), "\(zeros.errors)")
        #expect(!zeros.errors.contains("adam-eps") && zeros.errors.contains("PyTorch"))
        #expect(try trajectory("zeros/trajectory-adam.npy", shape: [3, 2])[0] == 0)
        try write("1,1\n1e155,1\n1,1\n", as: "large.csv")
        let large = try replay("--gradients large.csv --optimizer adam,sgd --like torch --output large --quiet")
        #expect(large.status == 0 && large.errors.contains("note: adam: step 2: the second moment of 1 of 2 coordinates exceeds"), "\(large.errors)")
        #expect(!large.errors.contains("sgd"))
        try write("1,1\n2,1\n", as: "plain.csv")
        let plain = try replay("--gradients plain.csv --optimizer adam --output plain --quiet")
        #expect(plain.status == 0 && plain.errors.isEmpty, "\(plain.errors)")
    }

    /// A few lines at the end: what came out, and which files.
    @Test func endsWithASummary() throws {
        try write("1,1\n2,1\n", as: "trace.csv")
        let outcome = try replay("--gradients trace.csv --optimizer adam,sgd --output out")
        let lines = outcome.errors.split(separator: "\n").map(String.init)
        #expect(outcome.status == 0 && outcome.output.isEmpty && lines.count >= 4 && lines.count <= 8, "\(outcome.errors)")
        #expect(lines[0] == "2 steps of 2 coordinates" && lines[1].hasPrefix("adam: ") && lines[2].hasPrefix("sgd: "), "\(outcome.errors)")
        for name in ["update.csv", "run.json", "trajectory-adam.npy", "replay_update.svg"] { #expect(outcome.errors.contains(name)) }
    }

    @Test(arguments: [
        ("--optimizer sgd:2", "--optimizer sgd:2: momentum must be in [0, 1)"), ("--optimizer adm", "did you mean 'adam'"),
        ("--optimizer adam,adam", "is in the list twice"), ("--optimizer adam-2k:9223372036854775807", "9007199254740992"),
        ("--optimizer adam --betas 0.9,1.2", "--betas 0.9,1.2: β2 must be in [0, 1)"), ("--clip inf", "--clip inf: must be finite"),
        ("--lr-decay linear", "--lr-decay linear: the forms are"), ("--lr-decay cosine:9223372036854775807", "--lr-decay"),
        ("--weight-decay nan", "--weight-decay nan"), ("--lr -1", "--lr -1"), ("--epsilon inf", "--epsilon inf"),
    ])
    func badMethods(options: String, part: String) throws {
        try write("1\n", as: "trace.csv")
        let outcome = try replay("--gradients trace.csv --output out \(options)")
        #expect(outcome.status == 64 && outcome.errors.contains(part), "\(outcome.errors)")
        #expect(scratch.names == ["trace.csv"])
    }
}
