/// The sums of d, d², d³ and d⁴ of every iteration and mean, d = ψ/scale - shift; merging is addition.
struct PowerSums: Sendable {
    /// [iterations][means][4].
    private(set) var values: [Double]

    init(_ values: [Double]) {
        self.values = values
    }

    mutating func add(_ other: [Double]) {
        precondition(other.count == values.count)
        values.withUnsafeMutableBufferPointer { sums in
            other.withUnsafeBufferPointer { terms in
                for index in 0..<terms.count { sums[index] += terms[index] }
            }
        }
    }
}
