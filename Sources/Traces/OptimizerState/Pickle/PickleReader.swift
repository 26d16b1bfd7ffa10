/// Reads a pickle without running it: a stack machine that knows the opcodes of plain data, and builds descriptions of what they would build.
///
/// Opcodes as in Python's `pickletools`, protocols 2 to 5.
struct PickleReader {
    private var input: PickleInput
    private(set) var objects: PickleObjects
    private var stack: [PickleReference] = []
    /// The heights of the stack at its marks.
    private var marks: [Int] = []
    private var memo: [UInt64: PickleReference] = [:]

    private static let mostMarks = 4096

    /// Reads all of it.
    /// - Parameters:
    ///   - bytes: of the pickle.
    ///   - region: where in the file they are.
    /// - Returns: the object that it describes.
    /// - Throws: `TraceError` for an opcode or a global that plain data do not need, for what is broken, and beyond the limits.
    static func read(_ bytes: [UInt8], of region: ByteRegion) throws(TraceError) -> (objects: PickleObjects, root: PickleReference) {
        var reader = PickleReader(bytes, region)
        let root = try reader.root()
        return (reader.objects, root)
    }

    private init(_ bytes: [UInt8], _ region: ByteRegion) {
        input = PickleInput(bytes, of: region)
        objects = PickleObjects(bytes: bytes)
    }

    private mutating func root() throws(TraceError) -> PickleReference {
        while true {
            let opcode = try input.opcode()
            if opcode == UInt8(ascii: ".") { return try pop() }
            try execute(opcode)
            guard objects.values.count <= PickleObjects.most, stack.count <= PickleObjects.most else {
                throw input.failure("more than \(PickleObjects.most) objects", "a state dictionary has fewer")
            }
        }
    }

    private var position: Int { input.opcodePosition }

    private mutating func execute(_ opcode: UInt8) throws(TraceError) {
        switch opcode {
        case 0x80: try takeProtocol()
        case 0x95: _ = try input.unsigned(8)
        // Numbers and the like.
        case UInt8(ascii: "N"): stack.append(.none)
        case 0x88: stack.append(.yes)
        case 0x89: stack.append(.no)
        case UInt8(ascii: "K"): push(.whole(Int(try input.unsigned(1))))
        case UInt8(ascii: "M"): push(.whole(Int(try input.unsigned(2))))
        case UInt8(ascii: "J"): push(.whole(Int(Int32(truncatingIfNeeded: try input.unsigned(4)))))
        case 0x8a: pushLong(try input.counted(1))
        case 0x8b: pushLong(try input.counted(4))
        case UInt8(ascii: "G"): push(.number(Double(bitPattern: try input.unsigned(8).byteSwapped)))
        // Texts and bytes; Python 2 had one type for both.
        case UInt8(ascii: "X"), UInt8(ascii: "T"): push(.text(try input.counted(4)))
        case 0x8c, UInt8(ascii: "U"): push(.text(try input.counted(1)))
        case 0x8d: push(.text(try input.counted(8)))
        case UInt8(ascii: "C"): try pushOpaque(countedBy: 1)
        case UInt8(ascii: "B"): try pushOpaque(countedBy: 4)
        case 0x8e, 0x96: try pushOpaque(countedBy: 8)
        // Tuples, lists, dictionaries, sets.
        case UInt8(ascii: ")"): stack.append(.emptyTuple)
        case 0x85: try makeTuple(1)
        case 0x86: try makeTuple(2)
        case 0x87: try makeTuple(3)
        case UInt8(ascii: "t"): try makeTuple(sinceMark())
        case UInt8(ascii: "]"): stack.append(objects.addList(at: position))
        case UInt8(ascii: "}"): stack.append(objects.addDictionary(at: position))
        case UInt8(ascii: "a"): try append(1)
        case UInt8(ascii: "e"): try append(sinceMark())
        case UInt8(ascii: "s"): try setItems(2)
        case UInt8(ascii: "u"): try setItems(sinceMark())
        case 0x8f: stack.append(.opaque)
        case 0x90: stack.removeLast(try sinceMark())
        case 0x91:
            stack.removeLast(try sinceMark())
            stack.append(.opaque)
        // The stack and the memo.
        case UInt8(ascii: "("):
            guard marks.count < Self.mostMarks else { throw input.failure("more than \(Self.mostMarks) marks", "plain data have fewer at once") }
            marks.append(stack.count)
        case UInt8(ascii: "0"): _ = try pop()
        case UInt8(ascii: "1"): stack.removeLast(try sinceMark())
        case UInt8(ascii: "2"): stack.append(try top())
        case UInt8(ascii: "q"): memo[try input.unsigned(1)] = try top()
        case UInt8(ascii: "r"): memo[try input.unsigned(4)] = try top()
        case 0x94: memo[UInt64(memo.count)] = try top()
        case UInt8(ascii: "h"): try recall(input.unsigned(1))
        case UInt8(ascii: "j"): try recall(input.unsigned(4))
        // What in Python would import and call.
        case UInt8(ascii: "c"):
            let module = try input.line()
            try pushGlobal(module, input.line())
        case 0x93:
            let name = try pop(), module = try pop()
            guard let module = objects.text(module), let name = objects.text(name) else {
                throw input.failure("a global without a name", "module and name must be texts")
            }
            try pushGlobal(module, name)
        case UInt8(ascii: "Q"): try pushStorage(pop())
        case UInt8(ascii: "R"), 0x81:
            let arguments = try pop(), function = try pop()
            stack.append(try objects.call(function, arguments, input))
        case UInt8(ascii: "b"): try build()
        default: throw unknown(opcode)
        }
    }

    /// Those that are known to be refused.
    private static let refusedOpcodes: [UInt8: String] = [
        UInt8(ascii: "i"): "INST", UInt8(ascii: "o"): "OBJ", UInt8(ascii: "P"): "PERSID", 0x82: "EXT1", 0x83: "EXT2", 0x84: "EXT4",
        0x92: "NEWOBJ_EX", 0x97: "NEXT_BUFFER", 0x98: "READONLY_BUFFER",
    ]

    private func unknown(_ opcode: UInt8) -> TraceError {
        let digits = String(opcode, radix: 16)
        let name = Self.refusedOpcodes[opcode].map { " (\($0))" } ?? ""
        return input.failure(
            "opcode 0x\(digits.count < 2 ? "0" : "")\(digits)\(name)", "must be one that tensors and plain containers need; nothing of the file is run")
    }

    // MARK: The stack

    private mutating func push(_ value: PickleValue) { stack.append(objects.add(value, at: position)) }

    /// What lies above the last mark, or above the bottom.
    private var available: Int { stack.count - (marks.last ?? 0) }

    private func top() throws(TraceError) -> PickleReference {
        guard available > 0, let last = stack.last else { throw input.failure("an empty stack", "an object is needed") }
        return last
    }

    private mutating func pop() throws(TraceError) -> PickleReference {
        let last = try top()
        stack.removeLast()
        return last
    }

    /// Takes the last mark away.
    /// - Returns: how many objects lie above it.
    private mutating func sinceMark() throws(TraceError) -> Int {
        guard let mark = marks.popLast() else { throw input.failure("no mark on the stack", "one is needed") }
        return stack.count - mark
    }

    private mutating func recall(_ index: UInt64) throws(TraceError) {
        guard let reference = memo[index] else {
            throw input.failure("nothing of number \(index) in the memo", "it must have been put there")
        }
        stack.append(reference)
    }

    /// That so many objects lie above the mark, and where they begin.
    private func start(ofLast count: Int) throws(TraceError) -> Int {
        guard count <= available else { throw input.failure("\(available) objects on the stack", "\(count) are needed") }
        return stack.count - count
    }

    // MARK: Making objects

    private mutating func takeProtocol() throws(TraceError) {
        let version = try input.unsigned(1)
        guard (2...5).contains(version) else { throw input.failure("pickle protocol \(version)", "must be 2 to 5") }
    }

    /// Two's complement, least byte first.
    private mutating func pushLong(_ span: PickleValue.Span) {
        guard span.count <= 8 else { return stack.append(.opaque) }
        let bytes = objects.bytes[span.range]
        var value: Int64 = bytes.last.map { $0 >= 0x80 ? -1 : 0 } ?? 0
        for byte in bytes.reversed() { value = value << 8 | Int64(byte) }
        push(.whole(Int(value)))
    }

    private mutating func pushOpaque(countedBy width: Int) throws(TraceError) {
        _ = try input.counted(width)
        stack.append(.opaque)
    }

    private mutating func makeTuple(_ count: Int) throws(TraceError) {
        let start = try start(ofLast: count)
        let tuple = objects.addTuple(stack[start...], at: position)
        stack.removeLast(count)
        stack.append(tuple)
    }

    private mutating func append(_ count: Int) throws(TraceError) {
        let target = try objects[beneath(count)]
        guard case .list(let number) = target else { throw input.failure("elements for \(target.kind)", "must be for a list") }
        objects.append(stack.suffix(count), toList: number)
        stack.removeLast(count)
    }

    private mutating func setItems(_ count: Int) throws(TraceError) {
        let target = try objects[beneath(count)]
        guard case .dictionary(let number) = target else { throw input.failure("items for \(target.kind)", "must be for a dictionary") }
        guard count.isMultiple(of: 2) else { throw input.failure("a key without a value", "must have one") }
        objects.append(stack.suffix(count), toList: number)
        stack.removeLast(count)
    }

    /// The object beneath the last ones.
    private func beneath(_ count: Int) throws(TraceError) -> PickleReference {
        guard available > count else { throw input.failure("nothing to put \(count) objects into", "a list or a dictionary is needed") }
        return stack[stack.count - count - 1]
    }

    private mutating func pushGlobal(_ module: String, _ name: String) throws(TraceError) {
        guard let global = PickleGlobal(module: module, name: name) else {
            throw input.failure(
                "global '\(module.prefix(60)).\(name.prefix(60))'",
                "must be one that tensors and plain containers need; nothing of the file is run: save the optimizer's state_dict() alone")
        }
        push(.global(global))
    }

    private mutating func pushStorage(_ identifier: PickleReference) throws(TraceError) {
        try objects.checkStorage(identifier, input)
        push(.storage(identifier))
    }

    /// Attributes of what has been made. Those of an OrderedDict, such as `_metadata`, say nothing here.
    private mutating func build() throws(TraceError) {
        _ = try pop()
        let target = objects[try top()]
        switch target {
        case .dictionary, .opaque, .tensor: return
        default: throw input.failure("attributes for \(target.kind)", "must be for an object that has some")
        }
    }
}
