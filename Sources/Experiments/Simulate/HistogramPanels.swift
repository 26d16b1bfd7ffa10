import Foundation
import Report

/// Up to three panels in a row, one for each step, each with axes of its own.
struct HistogramPanels {
    let grid: PanelGrid
    private let bins: Table
    private let curves: Table?
    private let place: String
    private let ranges: [Int: ClosedRange<Double>]
    private let heights: [Int: Double]

    /// - Parameters:
    ///   - width: of the figure, in inches.
    ///   - bins: has the columns `t`, `bin_low` and `bin_high`.
    ///   - bars: the column of the bins' heights.
    ///   - curves: has the columns `t` and `place`.
    ///   - place: of a curve's points on the axis.
    ///   - lines: the curves' columns that are drawn.
    init(
        width: Double, legendLines: Int, bins: Table, bars: String, curves: Table?, place: String = "psi", lines: [String], steps: [Int]
    ) {
        grid = PanelGrid(
            balanced: max(steps.count, 1), width: width, edges: 0.7, rowHeight: 1.4, legendLines: legendLines, left: 40, right: 10, columnGap: 32,
            rowGap: 34)
        self.bins = bins
        (self.curves, self.place) = (curves, place)
        var ranges: [Int: ClosedRange<Double>] = [:]
        var largest: [Int: Double] = [:]
        let (low, high, height) = (bins.numbers("bin_low"), bins.numbers("bin_high"), bins.numbers(bars))
        for (row, step) in Self.steps(bins).enumerated() {
            // Not the outermost rows, which count what lies outside and have no height.
            guard let low = low[row], let high = high[row], height[row] != nil else { continue }
            let known = ranges[step] ?? low...high
            ranges[step] = min(known.lowerBound, low)...max(known.upperBound, high)
            largest[step] = max(largest[step] ?? 0, height[row] ?? 0)
        }
        if let curves {
            let steps = Self.steps(curves)
            for line in lines {
                for (step, value) in zip(steps, curves.numbers(line)) { largest[step] = max(largest[step] ?? 0, value ?? 0) }
            }
        }
        self.ranges = ranges
        self.heights = largest
    }

    private static func steps(_ table: Table) -> [Int] { table.integers("t").map { $0 ?? 0 } }

    /// How many rows of the bins a step has.
    func rowCount(_ step: Int) -> Int { Self.steps(bins).count { $0 == step } }

    /// Whether a column of the bins has a finite value at a step.
    func hasValue(_ column: String, _ step: Int) -> Bool {
        zip(Self.steps(bins), bins.numbers(column)).contains { $0 == step && ($1 ?? .nan).isFinite }
    }

    /// The last point of a curve that is above that share of its largest value, and whether the curve is a low one, below two
    /// fifths of the panel.
    func fall(of column: String, at step: Int, toShare share: Double) -> (x: Double, y: Double, isLow: Bool)? {
        guard let curves else { return nil }
        let (steps, values, places) = (Self.steps(curves), curves.numbers(column), curves.numbers(place))
        let points = steps.indices.compactMap { row -> (x: Double, y: Double)? in
            guard steps[row] == step, let x = places[row], let y = values[row] else { return nil }
            return (x, y)
        }
        let largest = points.map(\.y).max() ?? 0
        guard let point = points.last(where: { $0.y > share * largest }) else { return nil }
        return (point.x, point.y, largest < 0.4 * height(step))
    }

    /// The upper end of a step's panel.
    func height(_ step: Int) -> Double { max(heights[step] ?? 0, .leastNormalMagnitude) * 1.08 }

    /// The axes of a step's panel: the range of its bins with a little room, at most four intervals between tick marks.
    func axes(_ step: Int) -> String {
        let range = ranges[step] ?? 0...1
        let margin = max(0.04 * (range.upperBound - range.lowerBound), 1e-9 * abs(range.upperBound))
        let (low, high) = (range.lowerBound < 0 ? range.lowerBound - margin : max(0, range.lowerBound - margin), range.upperBound + margin)
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
