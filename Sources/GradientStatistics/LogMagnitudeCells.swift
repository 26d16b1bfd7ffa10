import Foundation

/// Finds the bin of ln|g| without a logarithm: the first bits of |g| name a cell no wider than a bin, whose lower end lies in a
/// known bin, and a comparison tells whether |g| is already in the next.
struct LogMagnitudeCells: Sendable, Equatable {
    /// The smallest |g| of each bin; infinity after the last, which takes what is larger.
    let thresholds: [Double]
    /// The bin of the smallest number of each cell, cells being equal in all bits above `shift`.
    let binOfCell: [UInt32]
    let shift: UInt64
    /// The number of the first cell: that of the first threshold.
    let first: Int

    /// The lower edge of a bin; of the bin after the last, the upper end.
    static func edge(_ bin: Int, lowest: Double, highest: Double, count: Int) -> Double {
        lowest + (highest - lowest) * Double(bin) / Double(count)
    }

    init(lowest: Double, highest: Double, count: Int) {
        let thresholds = (0..<count).map { Self.smallest(withLogarithm: Self.edge($0, lowest: lowest, highest: highest, count: count)) }
        // 2^-bits of a number is at most half a bin.
        var bits = 1
        while bits < 20, Double(sign: .plus, exponent: -bits, significand: 2) > (highest - lowest) / Double(count) { bits += 1 }
        shift = UInt64(52 - bits)
        let shift = shift
        let first = Int(thresholds[0].bitPattern >> shift)
        let last = Int(thresholds[count - 1].bitPattern >> shift)
        var bin = 0
        var bins: [UInt32] = []
        bins.reserveCapacity(last - first + 1)
        for cell in first...last {
            let smallest = Double(bitPattern: UInt64(cell) << shift)
            while bin + 1 < count, smallest >= thresholds[bin + 1] { bin += 1 }
            bins.append(UInt32(bin))
        }
        self.first = first
        self.thresholds = thresholds + [.infinity]
        binOfCell = bins
    }

    /// The smallest positive number whose logarithm, as `log` rounds it, is at least `edge`.
    private static func smallest(withLogarithm edge: Double) -> Double {
        var value = exp(edge)
        while log(value) >= edge { value = value.nextDown }
        while log(value) < edge { value = value.nextUp }
        return value
    }
}
