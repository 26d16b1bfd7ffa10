import Foundation
import Report

/// Up to three panels in a row, one for each step, each with axes of its own.
struct HistogramPanels {
    let size: FigureSize
    let grid: PanelGrid
    private let ranges: [Int: ClosedRange<Double>]
    private let heights: [Int: Double]

    /// - Parameters:
    ///   - table: has the columns `t`, `bin_low` and `bin_high`.
    ///   - heights: the columns that are drawn upwards.
    init(table: Table, steps: [Int], heights: [String]) {
        let count = max(steps.count, 1)
        let columns = min(3, count)
        let rows = (count + columns - 1) / columns
        size = .twoColumns(height: rows > 1 ? 3.5 : 2.1)
        grid = PanelGrid(
            rows: rows, columns: columns, count: count, size: size, left: 40, right: 10, bottom: 28, top: 32, columnGap: 32,
            rowGap: 34)
        guard case .integer(let step)? = table["t"]?.values, case .real(let low)? = table["bin_low"]?.values,
            case .real(let high)? = table["bin_high"]?.values
        else { preconditionFailure("not a table of histograms") }
        let drawn = heights.map { table[$0]!.values }
        var ranges: [Int: ClosedRange<Double>] = [:]
        var largest: [Int: Double] = [:]
        for row in 0..<table.rowCount {
            // Not the outermost rows, which count what lies outside.
            guard let step = step[row], let low = low[row], let high = high[row], low > 0, high < .infinity else { continue }
            let known = ranges[step] ?? low...high
            ranges[step] = min(known.lowerBound, low)...max(known.upperBound, high)
            for values in drawn {
                switch values {
                case .real(let cells): largest[step] = max(largest[step] ?? 0, cells[row] ?? 0)
                case .integer(let cells): largest[step] = max(largest[step] ?? 0, Double(cells[row] ?? 0))
                default: preconditionFailure("not numbers")
                }
            }
        }
        self.ranges = ranges
        self.heights = largest
    }

    /// The upper end of a step's panel.
    func height(_ step: Int) -> Double { max(heights[step] ?? 0, .leastNormalMagnitude) * 1.08 }

    /// The axes of a step's panel: the range of its bins with a little room, at most four intervals between tick marks.
    func axes(_ step: Int) -> String {
        let range = ranges[step] ?? 0...1
        let margin = max(0.04 * (range.upperBound - range.lowerBound), 1e-9 * abs(range.upperBound))
        let (low, high) = (max(0, range.lowerBound - margin), range.upperBound + margin)
        let text = ShortestDigits.text(of:)
        return """
            set format '%g'
            set xrange [\(text(low)):\(text(high))]
            set xtics \(text(Self.tick(high - low)))
            set yrange [0:\(text(height(step)))]
            set ytics \(text(Self.tick(height(step))))
            """
    }

    /// 1, 2 or 5 times a power of ten, at least a quarter of the length.
    private static func tick(_ length: Double) -> Double {
        let power = pow(10, log10(length / 4).rounded(.down))
        return power * ([1, 2, 5, 10].first { $0 * power >= length / 4 } ?? 10)
    }
}
