/// An object that a pickle describes, by its number. Objects hold others by number too, so that what contains itself, or is nested a million
/// times, costs nothing to hold and to forget.
struct PickleReference: Hashable, Sendable {
    let index: Int32

    /// The objects that every pickle begins with.
    static let none = PickleReference(index: 0)
    static let yes = PickleReference(index: 1)
    static let no = PickleReference(index: 2)
    static let emptyTuple = PickleReference(index: 3)
    /// What may be built and is of no interest: bytes, sets, long numbers, random states' text.
    static let opaque = PickleReference(index: 4)
}

/// What an object of a pickle is.
enum PickleValue {
    case none
    case truth(Bool)
    case whole(Int)
    case number(Double)
    /// UTF-8 in the pickle's bytes.
    case text(Span)
    /// In ``PickleObjects/items``.
    case tuple(Span)
    /// By its number in ``PickleObjects/lists``.
    case list(Int32)
    /// The same, with keys and values in turn.
    case dictionary(Int32)
    case global(PickleGlobal)
    /// What `persistent_load` would return for that tuple: a stretch of bytes in a file of its own.
    case storage(PickleReference)
    /// A tensor that a function would build of that tuple of arguments. Nothing is called.
    case tensor(PickleGlobal, PickleReference)
    case opaque

    struct Span {
        let start: Int32
        let count: Int32

        var range: Range<Int> { Int(start)..<Int(start) + Int(count) }
    }

    /// What it is, for errors.
    var kind: String {
        switch self {
        case .none: "None"
        case .truth: "a truth value"
        case .whole, .number: "a number"
        case .text: "a text"
        case .tuple: "a tuple"
        case .list: "a list"
        case .dictionary: "a dictionary"
        case .global(let global): "the global \(global)"
        case .storage: "a storage"
        case .tensor: "a tensor"
        case .opaque: "an object that is not read"
        }
    }
}

/// All objects of a pickle.
struct PickleObjects {
    let bytes: [UInt8]
    /// Those of the tuples, one tuple after another.
    private(set) var items: [PickleReference] = []
    /// Those of the lists and dictionaries, which grow.
    private(set) var lists: [[PickleReference]] = []
    private(set) var values: [PickleValue] = [.none, .truth(true), .truth(false), .tuple(.init(start: 0, count: 0)), .opaque]
    /// Where in the pickle each was made.
    private(set) var positions: [Int32] = [0, 0, 0, 0, 0]

    /// What an optimizer of 100 000 parameters has.
    static let most = 1 << 22

    init(bytes: [UInt8]) { self.bytes = bytes }

    subscript(reference: PickleReference) -> PickleValue { values[Int(reference.index)] }

    func position(of reference: PickleReference) -> Int { Int(positions[Int(reference.index)]) }

    mutating func add(_ value: PickleValue, at position: Int) -> PickleReference {
        values.append(value)
        positions.append(Int32(position))
        return PickleReference(index: Int32(values.count - 1))
    }

    mutating func addTuple(_ elements: some Collection<PickleReference>, at position: Int) -> PickleReference {
        if elements.isEmpty { return .emptyTuple }
        let span = PickleValue.Span(start: Int32(items.count), count: Int32(elements.count))
        items.append(contentsOf: elements)
        return add(.tuple(span), at: position)
    }

    mutating func addList(at position: Int) -> PickleReference {
        lists.append([])
        return add(.list(Int32(lists.count - 1)), at: position)
    }

    mutating func addDictionary(at position: Int) -> PickleReference {
        lists.append([])
        return add(.dictionary(Int32(lists.count - 1)), at: position)
    }

    mutating func append(_ elements: some Collection<PickleReference>, toList number: Int32) {
        lists[Int(number)].append(contentsOf: elements)
    }

    // MARK: What objects hold

    func tuple(_ reference: PickleReference) -> ArraySlice<PickleReference>? {
        guard case .tuple(let span) = self[reference] else { return nil }
        return items[span.range]
    }

    /// - Returns: nil for what is no text, or none in UTF-8.
    func text(_ reference: PickleReference) -> String? {
        guard case .text(let span) = self[reference] else { return nil }
        return String(validating: bytes[span.range], as: UTF8.self)
    }

    func whole(_ reference: PickleReference) -> Int? {
        guard case .whole(let number) = self[reference] else { return nil }
        return number
    }

    func number(_ reference: PickleReference) -> Double? {
        switch self[reference] {
        case .whole(let number): Double(number)
        case .number(let number): number
        default: nil
        }
    }

    /// The value of a key that is a text; of a key that comes twice the last, as Python has it.
    func value(_ key: StaticString, of dictionary: PickleReference) -> PickleReference? {
        guard case .dictionary(let number) = self[dictionary] else { return nil }
        let pairs = lists[Int(number)]
        for index in stride(from: pairs.count - 2, through: 0, by: -2) {
            guard case .text(let span) = self[pairs[index]], Int(span.count) == key.utf8CodeUnitCount else { continue }
            if bytes[span.range].elementsEqual(UnsafeBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount)) { return pairs[index + 1] }
        }
        return nil
    }
}
