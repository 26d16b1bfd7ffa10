import CKernels
import Foundation

/// Finds the bin of ln|g| without a logarithm: the first bits of |g| name a cell no wider than a bin, whose lower end lies in a
/// known bin, and a comparison tells whether |g| is already in the next.
struct LogMagnitudeCells: Sendable, Equatable {
    /// The smallest |g| of each bin.
    let thresholds: [Double]
    private let double: Table<UInt64>
    /// For single precision; nil where the bins are too narrow for it to pay.
    private let single: Table<UInt32>?

    /// The lower edge of a bin; of the bin after the last, the upper end.
    static func edge(_ bin: Int, lowest: Double, highest: Double, count: Int) -> Double {
        lowest + (highest - lowest) * Double(bin) / Double(count)
    }

    init(lowest: Double, highest: Double, count: Int) {
        let thresholds = (0..<count).map { Self.smallest(withLogarithm: Self.edge($0, lowest: lowest, highest: highest, count: count)) }
        // 2^-bits of a number is at most half a bin.
        var bits = 1
        while bits < 20, Double(sign: .plus, exponent: -bits, significand: 2) > (highest - lowest) / Double(count) { bits += 1 }
        self.thresholds = thresholds
        double = Table(thresholds.map(\.bitPattern), infinity: Double.infinity.bitPattern, shift: UInt32(52 - bits))
        single = bits > 12
            ? nil
            : Table(
                thresholds.map { Self.smallestFloat(atLeast: $0).bitPattern }, infinity: Float.infinity.bitPattern, shift: UInt32(23 - bits))
    }

    private static func smallestFloat(atLeast value: Double) -> Float {
        let rounded = Float(value)
        return Double(rounded) < value ? rounded.nextUp : rounded
    }

    /// The bin of a finite number that is not below the first.
    func bin(of magnitude: Double) -> Int { double.number(of: magnitude.bitPattern) - 2 }

    /// How many numbers are 0, how many below the first bin, in each bin, and not finite.
    func classCounts(of values: UnsafeBufferPointer<Float>) -> [Int] {
        guard let single else {
            return values.map(Double.init).withUnsafeBufferPointer { classCounts(of: $0) }
        }
        return single.counts(values.count) { start, count, cells, thresholds, counts in
            varlab_count_magnitudes_float(values.baseAddress! + start, count, cells, thresholds, counts)
        }
    }

    func classCounts(of values: UnsafeBufferPointer<Double>) -> [Int] {
        double.counts(values.count) { start, count, cells, thresholds, counts in
            varlab_count_magnitudes_double(values.baseAddress! + start, count, cells, thresholds, counts)
        }
    }

    /// The smallest positive number whose logarithm, as `log` rounds it, is at least `edge`.
    private static func smallest(withLogarithm edge: Double) -> Double {
        var value = exp(edge)
        while log(value) >= edge { value = value.nextDown }
        while log(value) < edge { value = value.nextUp }
        return value
    }
}

extension LogMagnitudeCells {
    /// Classes of bit patterns as the kernels want them: zeros, what is below the first bin, the bins, and what is not finite.
    struct Table<Bits: FixedWidthInteger & UnsignedInteger & Sendable>: Sendable, Equatable {
        /// The smallest bits of each class, and one more.
        private let thresholds: [Bits]
        /// The class of the smallest number of each cell.
        private let classes: [UInt32]
        private let first, last: UInt64
        private let shift: UInt32

        /// - Parameters:
        ///   - edges: the smallest bits of each bin.
        ///   - infinity: those of infinity.
        init(_ edges: [Bits], infinity: Bits, shift: UInt32) {
            thresholds = [0, 1] + edges.map { min($0, infinity) } + [infinity, Bits.max]
            self.shift = shift
            first = UInt64(edges[0] >> Bits(shift)) - 1
            last = UInt64(min(edges[edges.count - 1], infinity) >> Bits(shift)) + 1
            var classes: [UInt32] = [0]
            var number = 1
            for cell in (first + 1)...last {
                while thresholds[number + 1] <= Bits(cell) << Bits(shift) { number += 1 }
                classes.append(UInt32(number))
            }
            self.classes = classes
        }

        /// The class of a number.
        func number(of bits: Bits) -> Int {
            let cell = min(max(UInt64(bits >> Bits(shift)), first), last)
            let number = Int(classes[Int(cell - first)])
            return bits >= thresholds[number + 1] ? number + 1 : number
        }

        /// Calls `count` with pieces of so many values.
        func counts(
            _ values: Int,
            by count: (_ start: Int, _ count: Int, varlab_magnitude_cells, UnsafePointer<Bits>, UnsafeMutablePointer<UInt32>) -> Void
        ) -> [Int] {
            let number = thresholds.count - 1
            var sums = [Int](repeating: 0, count: number)
            withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 4 * number) { counts in
                classes.withUnsafeBufferPointer { classes in
                    thresholds.withUnsafeBufferPointer { thresholds in
                        let cells = varlab_magnitude_cells(
                            first: first, last: last, shift: shift, count: UInt32(number), classes: classes.baseAddress)
                        for start in stride(from: 0, to: values, by: 1 << 30) {
                            counts.initialize(repeating: 0)
                            count(start, min(1 << 30, values - start), cells, thresholds.baseAddress!, counts.baseAddress!)
                            for (index, count) in counts.enumerated() { sums[index % number] += Int(count) }
                        }
                    }
                }
            }
            return sums
        }
    }
}
