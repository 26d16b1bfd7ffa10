import CVarlab
import Errors

/// The number of elements that the arrays of a call have, and the arrays.
struct Elements {
    let count: Int

    /// - Throws: `Misuse` unless the count is from 0 to `VARLAB_LONGEST`.
    init(_ count: Int64, named name: StaticString = "count") throws(Misuse) {
        guard count >= 0, count <= VARLAB_LONGEST else { throw Misuse("\(name) \(count): must be from 0 to \(VARLAB_LONGEST)") }
        self.count = Int(count)
    }

    /// - Throws: `Misuse` for a null pointer where there are elements.
    func input<Value>(_ pointer: UnsafePointer<Value>?, _ name: StaticString) throws(Misuse) -> UnsafeBufferPointer<Value> {
        guard pointer != nil || count == 0 else { throw Misuse("\(name) is a null pointer") }
        return UnsafeBufferPointer(start: pointer, count: pointer == nil ? 0 : count)
    }

    /// - Throws: as ``input(_:_:)``.
    func output<Value>(_ pointer: UnsafeMutablePointer<Value>?, _ name: StaticString) throws(Misuse) -> UnsafeMutableBufferPointer<Value> {
        guard pointer != nil || count == 0 else { throw Misuse("\(name) is a null pointer") }
        return UnsafeMutableBufferPointer(start: pointer, count: pointer == nil ? 0 : count)
    }

    /// Steps, which count from 1.
    /// - Throws: `ParameterError` for one that does not.
    func steps(_ pointer: UnsafePointer<Int64>?) throws -> [Int] {
        let steps = try input(pointer, "t")
        if let step = steps.first(where: { $0 < 1 }) { throw ParameterError(parameter: .steps, value: step, rule: "must be at least 1") }
        return steps.map(Int.init)
    }

    /// Copies of values, which threads may share.
    func values(_ pointer: UnsafePointer<Double>?, _ name: StaticString) throws(Misuse) -> [Double] { Array(try input(pointer, name)) }

    /// Calls `body` for each index, and now and then asks whether to go on.
    func forEach(_ call: Call, _ body: (Int) throws -> Void) throws {
        for index in 0..<count {
            if index & 4095 == 0 { try call.checkCancellation() }
            try body(index)
        }
    }
}

/// The elements that have a key in common, for every key in the order in which they first come.
struct Groups<Key: Hashable> {
    private(set) var keys: [Key] = []
    private(set) var elements: [[Int]] = []

    init(_ count: Int, key: (Int) -> Key) {
        var places: [Key: Int] = [:]
        // Neighbours tend to be alike.
        var last: (key: Key, place: Int)?
        for index in 0..<count {
            let key = key(index)
            if let last, last.key == key {
                elements[last.place].append(index)
                continue
            }
            let place = places[key] ?? keys.count
            if place == keys.count {
                places[key] = place
                keys.append(key)
                elements.append([])
            }
            elements[place].append(index)
            last = (key, place)
        }
    }
}

/// The text that a pointer leads to.
/// - Throws: `Misuse` for a null pointer and for what is no UTF-8 or longer than any name.
func text(_ pointer: UnsafePointer<CChar>?, _ name: StaticString) throws(Misuse) -> String {
    guard let pointer else { throw Misuse("\(name) is a null pointer") }
    let longest = 4096
    guard let length = (0..<longest).first(where: { pointer[$0] == 0 }) else { throw Misuse("\(name) is longer than \(longest) bytes") }
    let bytes = UnsafeBufferPointer(start: pointer, count: length).map { UInt8(bitPattern: $0) }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw Misuse("\(name) is no UTF-8") }
    return text
}
