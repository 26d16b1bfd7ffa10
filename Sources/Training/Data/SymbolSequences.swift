/// Sentences as symbols, one behind the other in one array.
public struct SymbolSequences: Sendable, Equatable {
    public private(set) var symbols: [Int32] = []
    /// Where each sentence begins, and behind the last one where it ends.
    private var starts = [0]

    public init() {}

    public var count: Int { starts.count - 1 }
    public func length(_ index: Int) -> Int { starts[index + 1] - starts[index] }
    public subscript(index: Int) -> ArraySlice<Int32> { symbols[starts[index]..<starts[index + 1]] }

    public mutating func append(_ sentence: some Sequence<Int32>) {
        symbols.append(contentsOf: sentence)
        starts.append(symbols.count)
    }
}
