import Foundation
import Report
import SpecialFunctions

/// A logarithmic axis around errors that differ by little or by much.
struct ErrorAxis {
    let low: Double
    let high: Double
    /// Where numbers stand: round ones, at least four where they are not too close.
    let tics: [Double]
    /// What stands for an error of 0.
    private let least: Double

    /// - Precondition: there is a value, and none is negative.
    init(_ values: [Double]) {
        let positive = values.filter { $0 > 0 }
        least = (positive.min() ?? 1) / (values.contains(0) ? 2 : 1)
        let most = positive.max() ?? 1
        // A tenth of the axis at either end, and never a range of nothing.
        let margin = max(1.02, pow(most / least, 0.1))
        low = least / margin
        high = most * margin
        tics = Self.tics(within: low...high)
    }

    func shown(_ error: Double) -> Double { max(error, least) }

    /// Where labels stand beside lines that end at some errors: in equal steps along the axis where two would touch.
    func labelPlaces(_ ends: [Double]) -> [Double] {
        let length = log(high / low)
        let wanted = ends.map { log(shown($0) / low) }
        return LabelPlaces.separated(wanted, by: length * 0.065, within: (0.02 * length)...(0.97 * length)).map { low * exp($0) }
    }

    /// Round numbers, as few as make four: the same ones in every power of ten, and in equal steps where the range is shorter than that.
    private static func tics(within range: ClosedRange<Double>) -> [Double] {
        guard let decades = Decades(around: [range.lowerBound, range.upperBound]) else { return [] }
        let powers = decades.low...decades.high
        for mantissas in [[1.0, 2, 5], [1, 2, 3, 5, 7], [1, 1.5, 2, 3, 4, 5, 6, 8]] {
            let numbers = powers.flatMap { power in mantissas.map { round($0, power: power) } }.filter(range.contains)
            if numbers.count >= 4 { return numbers }
        }
        // A range is at least 4% long: steps of a thousandth of its power of ten are fine enough.
        for power in (decades.low - 3...decades.low).reversed() {
            for mantissa in [5.0, 2, 1] {
                let step = round(mantissa, power: power)
                let first = (range.lowerBound / step).rounded(.up), last = (range.upperBound / step).rounded(.down)
                if last - first >= 3 { return stride(from: first, through: last, by: 1).map { ($0 * step).roundedToTenDigits } }
            }
        }
        return []
    }

    private static func round(_ mantissa: Double, power: Int) -> Double {
        (power < 0 ? mantissa / powerOfTen(-power) : mantissa * powerOfTen(power)).roundedToTenDigits
    }

    private static func powerOfTen(_ exponent: Int) -> Double { (0..<exponent).reduce(1) { value, _ in value * 10 } }
}
