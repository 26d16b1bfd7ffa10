/// Files as `torch.save` writes them, by hand: a pickle and storages in a zip file without checksums.
enum TorchBytes {
    /// - Parameters:
    ///   - storages: sizes of the storages 0, 1, …; all bytes are 0x3f, which makes no whole number of any type.
    ///   - others: further members.
    static func file(_ pickle: [UInt8], storages: [Int] = [8, 8], others: [(name: String, bytes: [UInt8])] = []) -> [UInt8] {
        var members: [(name: String, bytes: [UInt8])] = [("a/data.pkl", pickle)]
        members += storages.enumerated().map { ("a/data/\($0.offset)", [UInt8](repeating: 0x3f, count: $0.element)) }
        return zip(members + others)
    }

    /// Where the pickle begins in such a file.
    static let pickleOffset = 30 + 10

    static func zip(_ members: [(name: String, bytes: [UInt8])]) -> [UInt8] {
        var file: [UInt8] = [], directory: [UInt8] = []
        for (name, bytes) in members {
            let name = Array(name.utf8)
            let start = file.count
            file += [0x50, 0x4b, 3, 4] + little(20, 2) + little(0, 12)
            file += little(bytes.count, 4) + little(bytes.count, 4) + little(name.count, 2) + little(0, 2) + name + bytes
            directory += [0x50, 0x4b, 1, 2] + little(20, 2) + little(20, 2) + little(0, 12)
            directory += little(bytes.count, 4) + little(bytes.count, 4) + little(name.count, 2) + little(0, 12) + little(start, 4) + name
        }
        let end = little(members.count, 2) + little(members.count, 2) + little(directory.count, 4) + little(file.count, 4) + little(0, 2)
        return file + directory + [0x50, 0x4b, 5, 6] + little(0, 4) + end
    }

    static func little(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
}

/// The opcodes of a pickle, one after another.
struct Pickled {
    var bytes: [UInt8]

    init(_ bytes: [UInt8] = []) { self.bytes = bytes }

    static func + (one: Pickled, other: Pickled) -> Pickled { Pickled(one.bytes + other.bytes) }

    static func op(_ text: String) -> Pickled { Pickled(Array(text.utf8)) }
    static func text(_ text: String) -> Pickled { Pickled([0x58] + TorchBytes.little(text.utf8.count, 4) + Array(text.utf8)) }
    static func global(_ module: String, _ name: String) -> Pickled { op("c\(module)\n\(name)\n") }

    /// LONG1, of 8 bytes.
    static func whole(_ value: Int) -> Pickled { Pickled([0x8a, 8] + TorchBytes.little(value, 8)) }

    static func tuple(_ parts: [Pickled]) -> Pickled { op("(") + parts.reduce(Pickled(), +) + op("t") }
    static func list(_ parts: [Pickled]) -> Pickled { op("](") + parts.reduce(Pickled(), +) + op("e") }

    static func dictionary(_ items: [(String, Pickled)]) -> Pickled {
        op("}(") + items.map { text($0.0) + $0.1 }.reduce(Pickled(), +) + op("u")
    }

    static func storage(_ key: String, _ count: Int, _ type: String = "FloatStorage") -> Pickled {
        tuple([text("storage"), global("torch", type), text(key), text("cpu"), whole(count)]) + op("Q")
    }

    /// `_rebuild_tensor_v2`, of two elements unless said otherwise.
    static func tensor(
        _ key: String, _ count: Int = 2, type: String = "FloatStorage", offset: Int = 0, size: [Int] = [2], strides: [Int] = [1]
    ) -> Pickled {
        let arguments = [
            storage(key, count, type), whole(offset), tuple(size.map(whole)), tuple(strides.map(whole)), Pickled([0x89]),
            global("collections", "OrderedDict") + op(")R"),
        ]
        return global("torch._utils", "_rebuild_tensor_v2") + tuple(arguments) + op("R")
    }

    /// Protocol 2, and the end.
    var whole: [UInt8] { [0x80, 2] + bytes + [0x2e] }

    /// The smallest state: one parameter `w`.
    static func state(_ first: Pickled = tensor("0"), _ second: Pickled = tensor("1"), more: [(String, Pickled)] = []) -> Pickled {
        dictionary([("w", dictionary([("exp_avg", first), ("exp_avg_sq", second)] + more))])
    }
}
