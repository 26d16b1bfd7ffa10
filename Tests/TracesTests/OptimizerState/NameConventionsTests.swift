import TestSupport
import Testing
import Traces

/// Which tensors of a `.safetensors` file are a pair, and what it is called.
struct NameConventionsTests {
    /// A file whose tensors have one float32 each, 0 for the first name, 1 for the next.
    private static func file(_ names: [String], dtype: String = "F32", shape: String = "[1]") -> [UInt8] {
        let entries = names.enumerated().map {
            "\"\($0.element)\":{\"dtype\":\"\(dtype)\",\"shape\":\(shape),\"data_offsets\":[\(4 * $0.offset),\(4 * $0.offset + 4)]}"
        }
        let header = Array("{\(entries.joined(separator: ","))}".utf8)
        return TorchBytes.little(header.count, 8) + header + names.indices.flatMap { index in
            withUnsafeBytes(of: Float(index).bitPattern.littleEndian) { Array($0) }
        }
    }

    private func pairs(_ names: [String]) throws -> [MomentPair] { try OptimizerStateFile(bytes: Self.file(names), named: "moments.safetensors").pairs }

    /// The place of the word, and what is left of the name.
    static let conventions: [(first: String, second: String, name: String)] = [
        ("state.0.exp_avg", "state.0.exp_avg_sq", "state.0"),
        ("exp_avg.layer.weight", "exp_avg_sq.layer.weight", "layer.weight"),
        ("layer.weight.exp_avg", "layer.weight.exp_avg_sq", "layer.weight"),
        ("layer.weight_exp_avg", "layer.weight_exp_avg_sq", "layer.weight"),
        ("optimizer/exp_avg/layer/weight", "optimizer/exp_avg_sq/layer/weight", "optimizer/layer/weight"),
        ("optimizer.state.exp_avg.module.layers.weight", "optimizer.state.exp_avg_sq.module.layers.weight", "optimizer.state.module.layers.weight"),
        ("exp_avg_17", "exp_avg_sq_17", "17"),
        ("exp_avg", "exp_avg_sq", "moments"),
        ("time_step.weight.exp_avg", "time_step.weight.exp_avg_sq", "time_step.weight"),
        ("γ.exp_avg", "γ.exp_avg_sq", "γ"),
    ]

    @Test(arguments: conventions) func paired(first: String, second: String, name: String) throws {
        for names in [[first, second], [second, first]] {
            let file = try OptimizerStateFile(bytes: Self.file(names), named: "moments.safetensors")
            #expect(file.pairs.map(\.name) == [name] && file.unpaired.isEmpty)
            let values = try file.values(0)
            #expect(values.first == [names[0] == first ? 0 : 1] && values.second == [names[0] == first ? 1 : 0])
        }
    }

    /// Words that only contain these, and those of other optimizers.
    @Test(arguments: ["exp_average", "my_exp_avgs", "exp_avg_diff", "exp_avg_sq_row", "nexp_avg", "exp_inf", "exp_avg_sqrt", "EXP_AVG"])
    func otherWords(word: String) throws {
        let pairs = try pairs(["a.exp_avg", "a.exp_avg_sq", "a.\(word)", "b.\(word)", "b.\(word)_sq"])
        #expect(pairs.map(\.name) == ["a"])
    }

    @Test func stepsAndMaxima() throws {
        // Their numbers are those of their places: the step of a is 2, of b 5.
        let pairs = try pairs(["a.exp_avg", "a.exp_avg_sq", "a.step", "b.exp_avg", "b.exp_avg_sq", "b.step", "b.max_exp_avg_sq", "c.step"])
        #expect(pairs.map(\.step) == [2, 5] && pairs.map(\.hasMaximum) == [false, true])
        #expect(pairs.allSatisfy { $0.settings == nil })
    }

    @Test func whatHasNoPartnerIsNamed() throws {
        let file = try OptimizerStateFile(bytes: Self.file(["a.exp_avg", "b.exp_avg", "b.exp_avg_sq", "c.exp_avg_sq"]), named: "a")
        #expect(file.pairs.map(\.name) == ["b"] && file.unpaired == ["a.exp_avg", "c.exp_avg_sq"])
        let error = try #require(throws: TraceError.self) { try OptimizerStateFile(bytes: Self.file(["a.exp_avg"]), named: "a") }
        #expect(error.description == "a: 'a.exp_avg' without its partner: must have exp_avg and exp_avg_sq of a parameter, with elements")
    }

    /// Two conventions in one file: the second of a name is called in full.
    @Test func namesAreUnlike() throws {
        let pairs = try pairs(["a.exp_avg", "a.exp_avg_sq", "exp_avg.a", "exp_avg_sq.a"])
        #expect(pairs.map(\.name) == ["a", "exp_avg.a"])
    }

    @Test func typesAndShapes() throws {
        func failure(_ dtype: String, _ shape: String) throws -> String {
            let bytes = Self.file(["a.exp_avg", "a.exp_avg_sq"], dtype: dtype, shape: shape)
            return try #require(throws: TraceError.self) { try OptimizerStateFile(bytes: bytes, named: "a") }.description
        }
        #expect(try failure("I32", "[1]") == "a: byte 9: tensor 'a.exp_avg' of dtype I32: must be float16, bfloat16, float32 or float64")
        #expect(try failure("F8_E4M3", "[4]").contains("of dtype F8_E4M3"))
        #expect(try failure("F4", "[8]").contains("of dtype F4"))
        #expect(try failure("F32", "[2]").contains("tensor 'a.exp_avg' of 4 bytes: shape (2,) needs 8"))
        // A single number has no axes.
        let scalar = try OptimizerStateFile(bytes: Self.file(["exp_avg", "exp_avg_sq"], shape: "[]"), named: "a")
        #expect(scalar.pairs[0].shape == [] && scalar.pairs[0].count == 1)
    }
}

/// Elements of tensors that lie in any order, against indices by hand.
struct ElementOrderTests {
    /// A storage of 1024 float32, each its own number.
    private static let numbers = (0..<1024).flatMap { number in withUnsafeBytes(of: Float(number).bitPattern.littleEndian) { Array($0) } }

    private static func file(_ first: Pickled, _ second: Pickled) throws -> OptimizerStateFile {
        let bytes = TorchBytes.file(
            Pickled.state(first, second).whole, storages: [], others: [("a/data/0", Self.numbers), ("a/data/1", Self.numbers)])
        return try OptimizerStateFile(bytes: bytes, named: "a")
    }

    /// Axes in any order, with gaps within them and between them; the partner lies in C order, so that this one comes in it too.
    @Test func anyStrides() throws {
        var random = SplitMix(state: 3)
        for _ in 0..<200 {
            let rank = Int.random(in: 0...4, using: &random)
            let shape = (0..<rank).map { _ in Int.random(in: 1...4, using: &random) }
            var strides = [Int](repeating: 0, count: rank), reach = 1
            for axis in (0..<rank).shuffled(using: &random) {
                strides[axis] = reach * (Int.random(in: 0..<4, using: &random) == 0 ? 2 : 1)
                reach = strides[axis] * shape[axis]
            }
            let extent = zip(shape, strides).reduce(1) { $0 + ($1.0 - 1) * $1.1 }
            guard extent <= 1000 else { continue }
            let offset = Int.random(in: 0...1024 - extent, using: &random)
            let count = shape.reduce(1, *)
            var plain = [Int](repeating: 1, count: rank)
            for axis in (0..<rank).dropLast().reversed() { plain[axis] = plain[axis + 1] * shape[axis + 1] }
            let file = try Self.file(
                Pickled.tensor("0", 1024, offset: offset, size: shape, strides: strides), Pickled.tensor("1", 1024, size: shape, strides: plain))
            let expected = (0..<count).map { index in
                Double(zip(zip(shape, plain), strides).reduce(offset) { $0 + index / $1.0.1 % $1.0.0 * $1.1 })
            }
            let start = Int.random(in: 0...count, using: &random), end = Int.random(in: start...count, using: &random)
            let values = try file.values(0, start..<end)
            #expect(values.first == Array(expected[start..<end]), "\(shape) \(strides)")
            #expect(values.second == (start..<end).map(Double.init))
        }
    }

    /// Both transposed: the numbers in the order of the file, each with its partner.
    @Test func alike() throws {
        let file = try Self.file(
            Pickled.tensor("0", 1024, offset: 7, size: [3, 4], strides: [1, 3]), Pickled.tensor("1", 1024, offset: 100, size: [3, 4], strides: [1, 3]))
        let values = try file.values(0, 2..<12)
        #expect(values.first == (9..<19).map(Double.init) && values.second == (102..<112).map(Double.init))
        #expect(file.pairs[0].shape == [3, 4])
    }
}
