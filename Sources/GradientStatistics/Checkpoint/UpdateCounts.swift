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

    /// The q with a share p of |u| below it, for ascending p; nil without any, and where it is 2^12 or more.
    ///
    /// By linear interpolation within a bin, the width of which is less than 0.8% of the place; where the density is smooth the error is some 1e-5.
    /// - Parameter withoutEpsilon: of |m̂|/√v̂.
    func quantilesOfSize(_ probabilities: [Double], withoutEpsilon: Bool) -> [Double?] {
        let sizes = (0..<Self.sizes).map { bin in
            let count = counts[bin] + counts[Self.sizes + bin]
            return withoutEpsilon ? count + moves[bin] + moves[Self.sizes + bin] : count
        }
        let total = sizes.reduce(0, +)
        guard total > 0 else { return probabilities.map { _ in nil } }
        var (bin, below) = (0, 0)
        return probabilities.map { probability in
            let rank = probability * Double(total)
            while bin < Self.sizes, sizes[bin] == 0 || Double(below + sizes[bin]) < rank {
                below += sizes[bin]
                bin += 1
            }
            guard bin < Self.sizes - 1 else { return nil }
            let (low, high) = (Self.edge(bin), Self.edge(bin + 1))
            return low + (high - low) * max(0, rank - Double(below)) / Double(sizes[bin])
        }
    }

    /// The same in the bins of a table.
    func inBins() -> UpdateBins {
        var bins = UpdateBins()
        for bin in 0..<Self.sizes {
            bins.add(counts[bin], moves: moves[bin], size: Self.places[bin], isNegative: false)
            bins.add(counts[Self.sizes + bin], moves: moves[Self.sizes + bin], size: Self.places[bin], isNegative: true)
        }
        return bins
    }

    /// The table's bin in which each lies.
    private static let places = (0..<sizes).map { bin in UpdateBins.edges.lastIndex { $0 <= edge(bin) } ?? 0 }
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
