import Foundation
import TestSupport
import Testing
import Traces

/// Every broken or hostile file of an optimizer's state gives one line that names the file, the place and the rule; nothing of it is run.
struct BadStateFilesTests {
    private typealias P = Pickled

    /// A file in memory, all of which is read.
    private func failure(_ bytes: [UInt8], _ name: String = "a.pt") throws -> String {
        let error = try #require(throws: TraceError.self) { try OptimizerStateFile(bytes: bytes, named: name).readAll() }
        #expect(!error.description.contains { $0.isNewline } && error.description.utf8.count < 400)
        return String(error.description.dropFirst(name.count + 2))
    }

    private func failure(_ pickle: Pickled, storages: [Int] = [8, 8], others: [(name: String, bytes: [UInt8])] = []) throws -> String {
        try failure(TorchBytes.file(pickle.whole, storages: storages, others: others))
    }

    @Test func theSmallestStateIsRead() throws {
        let file = try OptimizerStateFile(bytes: TorchBytes.file(P.state().whole), named: "a.pt")
        #expect(file.pairs.map(\.name) == ["w"] && file.pairs[0].shape == [2] && file.settings == nil)
        let values = try file.values(0)
        #expect(values.first == [Double(Float(bitPattern: 0x3f3f_3f3f)), Double(Float(bitPattern: 0x3f3f_3f3f))])
    }

    // MARK: What is no such file

    @Test func otherFiles() throws {
        #expect(try failure([]) == "byte 0: an empty file: must have an optimizer's state")
        let rule = "must be a .safetensors file or one that torch.save wrote"
        #expect(try failure(Array("1,2\n".utf8)) == "byte 0: '1,2\\u{a}': \(rule)")
        #expect(try failure([0x80, 4, 0x95, 0]) == "byte 0: a pickle of Python's: must be in a file that torch.save wrote")
        let conversion = "convert it: import torch; torch.save(torch.load(\"a.pt\", weights_only=True), \"a-new.pt\")"
        #expect(try failure(TraceFormatTests.legacy) == "a file of PyTorch's before version 1.6, or saved in its format: \(conversion)")
        #expect(try failure(StateFiles.bytes("1.6.0/legacy.pt")).hasSuffix(conversion))
        #expect(try failure(StateFiles.bytes("2.13.0/legacy.pt")).hasSuffix(conversion))
        var tar = Array("sys_info\0".utf8) + [UInt8](repeating: 0, count: 503)
        #expect(try failure(tar) == "a tar file, as PyTorch's before version 0.2: \(conversion)")
        tar.replaceSubrange(0..<5, with: "other".utf8)
        tar.replaceSubrange(257..<262, with: "ustar".utf8)
        #expect(try failure(tar).hasSuffix(conversion))
        let npz = TorchBytes.zip([("a.npy", [1, 2, 3])])
        #expect(try failure(npz) == "a zip file with 0 members data.pkl: must have one, as torch.save writes it")
        #expect(try failure(TraceFiles.bytes("four.safetensors"), "a.safetensors") == "no moments: must have exp_avg and exp_avg_sq of a parameter, with elements")
        let big = [(name: "a/byteorder", bytes: Array("big".utf8))]
        #expect(try failure(P.state(), others: big).hasSuffix(": byte order 'big': must be 'little': save it again on such a machine"))
    }

    // MARK: What would run

    private static let globalRule =
        "must be one that tensors and plain containers need; nothing of the file is run: save the optimizer's state_dict() alone"

    /// Where the files of the tests would leave their mark.
    private static let mark = "/tmp/varlab-has-run-a-pickle"

    @Test(arguments: ["1.6.0", "1.13.1", "2.13.0"]) func whatWouldRunDoesNot(version: String) throws {
        try? FileManager.default.removeItem(atPath: Self.mark)
        let bytes = try StateFiles.bytes(version + "/runs.pt")
        let at = try #require(bytes.indices.first { bytes[$0...].starts(with: "cposix\nsystem\n".utf8) })
        // The first versions called every archive so.
        let archive = version == "1.6.0" ? "archive" : "runs"
        #expect(try failure(bytes) == "\(archive)/data.pkl: byte \(at): global 'posix.system': \(Self.globalRule)")
        #expect(!FileManager.default.fileExists(atPath: Self.mark))
    }

    static let globals: [(Pickled, String)] = [
        (P.global("os", "system"), "'os.system'"),
        (P.global("builtins", "eval"), "'builtins.eval'"),
        (P.global("__builtin__", "getattr"), "'__builtin__.getattr'"),
        (P.global("torch", "load"), "'torch.load'"),
        (P.global("torch.serialization", "load"), "'torch.serialization.load'"),
        (P.global("torch._utils", "_rebuild_tensor_v2.__globals__"), "'torch._utils._rebuild_tensor_v2.__globals__'"),
        (P.global("numpy.core.multiarray", "_reconstruct"), "'numpy.core.multiarray._reconstruct'"),
        (P.global("o\0s", "sys\u{1b}[2Jtem"), "'o\\u{0}s.sys\\u{1b}[2Jtem'"),
        (P.text("os") + P.text("system") + Pickled([0x93]), "'os.system'"),
    ]

    @Test(arguments: globals) func globalsByName(pickle: Pickled, name: String) throws {
        let text = try failure(P.dictionary([("a", pickle + P.tuple([P.text("touch " + Self.mark)]) + P.op("R"))]))
        #expect(text.contains(": global \(name): \(Self.globalRule)"))
        #expect(text.hasPrefix("a/data.pkl: byte "))
        #expect(!FileManager.default.fileExists(atPath: Self.mark))
    }

    // MARK: Pickles

    /// By the offset in the pickle, after the two bytes of its protocol.
    static let pickles: [(Pickled, Int, String)] = [
        (P.op("\u{7f}"), 2, "opcode 0x7f: must be one that tensors and plain containers need; nothing of the file is run"),
        (P.op("(ios\nsystem\n"), 3, "opcode 0x69 (INST): must be one that tensors and plain containers need; nothing of the file is run"),
        (P.op("(o"), 3, "opcode 0x6f (OBJ): must be one that tensors and plain containers need; nothing of the file is run"),
        (Pickled([0x82, 1]), 2, "opcode 0x82 (EXT1): must be one that tensors and plain containers need; nothing of the file is run"),
        (Pickled([0x80, 9]), 2, "pickle protocol 9: must be 2 to 5"),
        (P.op("X\u{5}\0\0\0abc"), 2, "the end of the pickle: 5 more bytes are announced, 4 follow"),
        (Pickled([0x58, 0xff, 0xff, 0xff, 0xff]), 2, "the end of the pickle: 4294967295 more bytes are announced, 1 follow"),
        (Pickled([0x8d] + [UInt8](repeating: 0xff, count: 8)), 2, "the end of the pickle: 18446744073709551615 more bytes are announced, 1 follow"),
        (P.op("J\0"), 2, "the end of the pickle: 4 more bytes are announced, 2 follow"),
        (P.op("cos"), 2, "'os.': a name has at most 256 bytes and ends with its line"),
        (P.op(""), 2, "an empty stack: an object is needed"),
        (P.op("0"), 2, "an empty stack: an object is needed"),
        (P.op("N(0"), 4, "an empty stack: an object is needed"),
        (P.op("t"), 2, "no mark on the stack: one is needed"),
        (P.op("N\u{86}"), 3, ""),
        (P.op("h\u{7}"), 2, "nothing of number 7 in the memo: it must have been put there"),
        (Pickled([0x6a, 0xff, 0xff, 0xff, 0xff]), 2, "nothing of number 4294967295 in the memo: it must have been put there"),
        (P.op("NNa"), 4, "elements for None: must be for a list"),
        (P.op("]NNs"), 5, "items for a list: must be for a dictionary"),
        (P.op("]NNNs"), 6, "items for None: must be for a dictionary"),
        (P.op("}(Nu"), 5, "a key without a value: must have one"),
        (P.op("(e"), 3, "nothing to put 0 objects into: a list or a dictionary is needed"),
        (P.op("N)R"), 4, "a call of None with a tuple: must be of a global with a tuple"),
        (P.global("torch", "Size") + P.op("NR"), 15, "a call of the global torch.Size with None: must be of a global with a tuple"),
        (P.global("torch", "float32") + P.op(")R"), 18, "a call of the global torch.float32: must be of a function"),
        (P.global("collections", "OrderedDict") + P.op("]\u{85}"), 29, ""),
        (P.global("torch", "Size") + P.op(")R"), 15, "arguments of torch.Size: must be a tuple"),
        (P.global("torch._utils", "_rebuild_parameter") + P.op(")R"), 36, "arguments of torch._utils._rebuild_parameter: must begin with a tensor"),
        (P.global("torch._utils", "_rebuild_tensor_v2") + P.op(")R"), 36, "arguments of torch._utils._rebuild_tensor_v2: must be storage, offset, size, strides…"),
        (P.op("NQ"), 3, "a persistent object: must be ('storage', class, key, place, number of elements)"),
        (P.op("NNb"), 4, "attributes for None: must be for an object that has some"),
        (P.text("a") + P.op("N\u{93}"), 9, ""),
    ]

    @Test(arguments: pickles) func brokenPickles(pickle: Pickled, at: Int, message: String) throws {
        let text = try failure(pickle)
        #expect(message.isEmpty ? text.hasPrefix("a/data.pkl: byte ") : text == "a/data.pkl: byte \(TorchBytes.pickleOffset + at): \(message)")
    }

    @Test func cutAnywhere() throws {
        let pickle = P.state().whole
        for count in 0..<pickle.count { _ = try failure(TorchBytes.file(Array(pickle[..<count]))) }
    }

    // MARK: Tensors

    private static let first = P.tensor("0"), second = P.tensor("1")

    static let tensors: [(Pickled, String)] = [
        (P.state(first, P.tensor("7")), "tensor 'w.exp_avg_sq' in storage '7': there is no member data/7"),
        (P.state(first, P.tensor("1", 3)), "tensor 'w.exp_avg_sq' in a storage of 3 elements: member data/1 has 8 bytes"),
        (P.state(first, P.tensor("1", Int.max)), "in a storage of 9223372036854775807 elements: member data/1 has 8 bytes"),
        (P.state(first, P.tensor("1", 2, offset: 1)), "of shape (2,) with strides [1] from element 1 on: its storage has 8 bytes"),
        (P.state(first, P.tensor("1", 2, offset: Int.max)), "from element 9223372036854775807 on: its storage has 8 bytes"),
        (P.state(first, P.tensor("1", 2, strides: [2])), "of shape (2,) with strides [2] from element 0 on: its storage has 8 bytes"),
        (P.state(first, P.tensor("1", 2, strides: [Int.max])), "its storage has 8 bytes"),
        (P.state(first, P.tensor("1", 2, size: [3, 3], strides: [Int.max, Int.max])), "its storage has 8 bytes"),
        (P.state(first, P.tensor("1", 2, size: [1 << 40, 1 << 40], strides: [0, 0])), "of shape (1099511627776, 1099511627776): must have fewer than 2^63 bytes"),
        (P.state(first, P.tensor("1", 2, strides: [0])), "of shape (2,) with strides [0]: its elements must not share their places"),
        (P.state(first, P.tensor("1", 2, size: [1 << 60], strides: [0])), "its elements must not share their places"),
        (P.state(first, P.tensor("1", 2, offset: -1)), "the offset must be a whole number, not negative"),
        (P.state(first, P.tensor("1", 2, size: [-2])), "size and strides must be as many whole numbers, not negative, at most 64"),
        (P.state(first, P.tensor("1", 2, strides: [-1])), "size and strides must be as many whole numbers, not negative, at most 64"),
        (P.state(first, P.tensor("1", 2, size: [2, 1])), "size and strides must be as many whole numbers, not negative, at most 64"),
        (P.state(first, P.tensor("1", 2, size: Array(repeating: 1, count: 65), strides: Array(repeating: 1, count: 65))), "at most 64"),
        (P.state(first, P.tensor("1", -1)), "a persistent object: must be ('storage', class, key, place, number of elements)"),
        (P.state(first, P.tensor("1", 1, size: [1])), "tensor 'w.exp_avg_sq' of shape (1,): must be shape (2,), as 'w.exp_avg' is"),
        (P.state(first, P.tensor("1", 1, type: "LongStorage", size: [1])), "of dtype int64: must be float16, bfloat16, float32 or float64"),
        (P.state(first, P.tensor("1", 8, type: "UntypedStorage")), "global 'torch.UntypedStorage'"),
        (P.state(first, first), "tensor 'w.exp_avg_sq' in the place of 'w.exp_avg': must have a place of its own"),
        (P.state(first, P.tensor("1", 2, size: [0], strides: [Int.max])), "must be shape (2,)"),
        (P.state(P.tensor("0", size: [0], strides: [1]), P.tensor("1", 2, offset: Int.max, size: [0])), "no moments: must have exp_avg and exp_avg_sq of a parameter, with elements"),
        (P.dictionary([("w", P.dictionary([("exp_avg", first)]))]), "'w.exp_avg' without its partner: must have exp_avg"),
        (P.dictionary([("w", P.dictionary([("exp_avg", first), ("exp_avg", first), ("exp_avg_sq", second)]))]), "tensor 'w.exp_avg' again: must have a name of its own"),
        (P.state(more: [("step", P.tensor("0"))]), "tensor 'w.step' of shape (2,): must be one number"),
        (P.state(more: [("step", P.tensor("0", size: [1]))]), "tensor 'w.step' is 0.747"),
        (P.state(more: [("step", P.tensor("0", 1, type: "LongStorage", size: []))]), "size and strides"),
        (P.state(more: [("step", P.tensor("0", 8, type: "BoolStorage", size: [1]))]), "tensor 'w.step' of dtype bool: must be a number"),
        (P.op("N"), "no moments: must have exp_avg"),
    ]

    @Test(arguments: tensors) func brokenTensors(pickle: Pickled, message: String) throws { #expect(try failure(pickle).contains(message)) }

    @Test func deflatedStorages() throws {
        var bytes = TorchBytes.file(P.state().whole)
        // Method 8 for the first storage, in its header and in the directory.
        for mark: [UInt8] in [[0x50, 0x4b, 3, 4], [0x50, 0x4b, 1, 2]] {
            let places = bytes.indices.filter { bytes[$0...].starts(with: mark) }
            bytes[places[1] + (mark[2] == 3 ? 8 : 10)] = 8
        }
        #expect(try failure(bytes).contains("tensor 'w.exp_avg' in a deflated storage: must be stored, as torch.save writes it"))
    }

    // MARK: Limits

    @Test func nestedTuples() throws {
        // A million tuples, each in the next, and forgotten again.
        let deep = Pickled([0x29] + [UInt8](repeating: 0x85, count: 1_000_000))
        #expect(try failure(deep).contains("an object nested 64 times: must be nested at most 63 times"))
        let lists = Pickled([UInt8](repeating: 0x5d, count: 100_000) + [UInt8](repeating: 0x61, count: 99_999))
        #expect(try failure(lists).contains("an object nested 64 times"))
    }

    @Test func whatContainsItself() throws {
        // l = []; l.append(l), and the same in a dictionary.
        #expect(try failure(P.op("]q\0h\0a")) == "no moments: must have exp_avg and exp_avg_sq of a parameter, with elements")
        #expect(try failure(P.op("}q\0") + P.text("a") + P.op("h\0s")).hasPrefix("no moments"))
        let within = P.op("}q\0(") + P.text("w") + P.dictionary([("exp_avg", Self.first), ("exp_avg_sq", Self.second), ("up", P.op("h\0"))]) + P.op("u")
        #expect(try OptimizerStateFile(bytes: TorchBytes.file(within.whole), named: "a").pairs.map(\.name) == ["w"])
    }

    /// Forty lists, each of which has the one before twice, have 2^40 elements if they are unfolded.
    @Test func billionLaughs() throws {
        var pickle = P.op("]q\0")
        for index in 1...40 { pickle = pickle + Pickled([0x5d, 0x28, 0x68, UInt8(index - 1), 0x68, UInt8(index - 1), 0x65, 0x71, UInt8(index)]) }
        #expect(try failure(pickle).hasPrefix("no moments"))
    }

    @Test func floods() throws {
        let marks = Pickled([UInt8](repeating: 0x28, count: 5000))
        #expect(try failure(marks) == "a/data.pkl: byte \(TorchBytes.pickleOffset + 2 + 4096): more than 4096 marks: plain data have fewer at once")
        let objects = Pickled([UInt8](repeating: 0x5d, count: 1 << 22))
        #expect(try failure(objects).contains("more than 4194304 objects: a state dictionary has fewer"))
        let copies = P.op("N") + Pickled([UInt8](repeating: 0x32, count: 1 << 22))
        #expect(try failure(copies).contains("more than 4194304 objects"))
        let optimizers = P.dictionary([("state", P.op("}")), ("param_groups", P.op("]"))])
        #expect(try failure(P.list(Array(repeating: optimizers, count: 65))).contains("more than 64 optimizers: must be fewer"))
        // 20 names of 4 MB each.
        let long = String(repeating: "x", count: 1 << 22)
        let names = P.dictionary([(long, P.list((0..<20).map { _ in P.op("]") }))])
        #expect(try failure(names).contains("names of more than 67108864 bytes in all: must have fewer"))
    }

    @Test func anElementOfALongList() throws {
        // In place, not by a copy of the list each time.
        let appends = Pickled([0x5d] + (0..<1_000_000).flatMap { _ in [0x4e, 0x61] as [UInt8] })
        #expect(try failure(appends).hasPrefix("no moments"))
    }

    /// Names that are not text, or have zeros, are names all the same.
    @Test func oddNames() throws {
        let zero = P.dictionary([("a\0b", P.dictionary([("exp_avg", Self.first), ("exp_avg_sq", Self.second)]))])
        #expect(try OptimizerStateFile(bytes: TorchBytes.file(zero.whole), named: "a").pairs.map(\.name) == ["a\0b"])
        // Not UTF-8: no name at all.
        let broken = P.op("}(") + Pickled([0x58, 1, 0, 0, 0, 0xff]) + P.dictionary([("exp_avg", Self.first), ("exp_avg_sq", Self.second)]) + P.op("u")
        #expect(try failure(broken).hasPrefix("no moments"))
    }
}
