import CKernels

/// How often the updates of a tensor are of a size: fine bins of |u| by the bits of the number, 128 to the octave, for either sign.
///
/// Of u = m̂/(√v̂ + ε), and of m̂/√v̂.
package struct UpdateCounts: Sendable {
    private var counts = [Int](repeating: 0, count: 2 * Self.sizes)
    /// What m̂/√v̂ has more.
    private var moves = [Int](repeating: 0, count: 2 * Self.sizes)

    /// The bins of one sign: [0, 2^-20), 128 in each octave up to 2^12, and what is above.
    static let sizes = VARLAB_UPDATE_BINS
    private static let perOctave = VARLAB_UPDATE_BINS_PER_OCTAVE
    private static let lowestExponent = VARLAB_UPDATE_LOWEST_EXPONENT

    package init() {}

    /// Adds what the kernel has counted.
    mutating func add(_ counts: [UInt32], moves: [Int32]) {
        for index in self.counts.indices {
            self.counts[index] += Int(counts[index])
            self.moves[index] += Int(moves[index])
        }
    }

    mutating func merge(_ other: UpdateCounts) {
        for index in counts.indices {
            counts[index] += other.counts[index]
            moves[index] += other.moves[index]
        }
    }

    /// The lower edge of a bin of |u|.
    private static func edge(_ bin: Int) -> Double {
        if bin == 0 { return 0 }
        let (octave, part) = ((bin - 1) / perOctave, (bin - 1) % perOctave)
        return Double(sign: .plus, exponent: lowestExponent + octave, significand: 1 + Double(part) / Double(perOctave))
    }

    /// The q with a share p of |u| below it; nil without any, and where it is 2^12 or more.
    ///
    /// By linear interpolation within a bin, the width of which is less than 0.8% of the place; where the density is smooth the error is some 1e-5.
    /// - Parameter withoutEpsilon: of |m̂|/√v̂.
    package func quantileOfSize(_ probability: Double, withoutEpsilon: Bool) -> Double? {
        func count(_ bin: Int) -> Int {
            let sum = counts[bin] + counts[Self.sizes + bin]
            return withoutEpsilon ? sum + moves[bin] + moves[Self.sizes + bin] : sum
        }
        let total = (0..<Self.sizes).reduce(0) { $0 + count($1) }
        guard total > 0 else { return nil }
        let rank = probability * Double(total)
        var below = 0
        for bin in 0..<Self.sizes - 1 {
            let here = count(bin)
            if here > 0, Double(below + here) >= rank {
                let (low, high) = (Self.edge(bin), Self.edge(bin + 1))
                return low + (high - low) * max(0, rank - Double(below)) / Double(here)
            }
            below += here
        }
        return nil
    }

    /// The same in the bins of a table.
    package func inBins() -> UpdateBins {
        var bins = UpdateBins()
        for bin in 0..<Self.sizes {
            let place = UpdateBins.place(of: Self.edge(bin))
            bins.add(counts[bin], moves: moves[bin], size: place, isNegative: false)
            bins.add(counts[Self.sizes + bin], moves: moves[Self.sizes + bin], size: place, isNegative: true)
        }
        return bins
    }
}

/// The histogram of updates as a table shows it: eight bins to the octave of |u| from 2^-5 to 2^12, one below, one above, for either sign.
package struct UpdateBins: Sendable, Equatable {
    /// The lower edges of the bins of |u|, with infinity at the end.
    package static let edges: [Double] =
        [0] + (-5..<12).flatMap { exponent in (0..<8).map { Double(sign: .plus, exponent: exponent, significand: 1 + Double($0) / 8) } } + [4096, .infinity]
    /// How many there are of one sign.
    package static let sizes = edges.count - 1

    /// By |u|, of positive u and of negative.
    package private(set) var positive = [Int](repeating: 0, count: Self.sizes)
    package private(set) var negative = [Int](repeating: 0, count: Self.sizes)
    /// The same of m̂/√v̂.
    package private(set) var positiveWithoutEpsilon = [Int](repeating: 0, count: Self.sizes)
    package private(set) var negativeWithoutEpsilon = [Int](repeating: 0, count: Self.sizes)

    /// The bin that |u| lies in.
    static func place(of size: Double) -> Int { edges.lastIndex { $0 <= size } ?? 0 }

    fileprivate mutating func add(_ count: Int, moves: Int, size: Int, isNegative: Bool) {
        if isNegative {
            negative[size] += count
            negativeWithoutEpsilon[size] += count + moves
        } else {
            positive[size] += count
            positiveWithoutEpsilon[size] += count + moves
        }
    }

    /// The bins of one sign that are needed to hold all that was counted, and all below the size.
    package func needed(below size: Double) -> Int {
        let last = (0..<Self.sizes).last { positive[$0] + negative[$0] + positiveWithoutEpsilon[$0] + negativeWithoutEpsilon[$0] > 0 } ?? 0
        return max(last + 1, Self.edges.firstIndex { $0 >= size } ?? Self.sizes)
    }
}
