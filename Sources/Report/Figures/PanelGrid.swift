/// Panels in rows and columns, of equal size, with margins in points (1/72 inch) and labels on the outer ones only.
///
/// ```swift
/// let grid = PanelGrid(rows: 2, columns: 3, size: size, left: 42, right: 6, bottom: 30, top: 30)
/// var body = grid.begin
/// for number in 0..<6 {
///     body += grid.panel(number, title: titles[number], xLabel: "step", yLabel: "variance") + "plot …\n"
/// }
/// body += grid.legend([("exact law", "with lines linetype 1"), …]) + grid.end
/// ```
public struct PanelGrid: Sendable {
    public let rows: Int
    public let columns: Int
    /// The number of panels; fewer than `rows * columns` where the last row is not full.
    public let count: Int
    package let size: FigureSize
    private let left: Double, right: Double, bottom: Double, top: Double
    private let columnGap: Double, rowGap: Double

    /// - Parameters:
    ///   - rows: of panels.
    ///   - columns: of panels.
    ///   - count: the number of panels, all of them by default.
    ///   - size: of the whole figure.
    ///   - left: the space beside all panels, in points, for tick labels and the axis label.
    ///   - right: likewise.
    ///   - bottom: the space below them.
    ///   - top: the space above them, for titles and the legend.
    ///   - columnGap: the space between columns.
    ///   - rowGap: the space between rows.
    public init(
        rows: Int, columns: Int, count: Int? = nil, size: FigureSize,
        left: Double, right: Double, bottom: Double, top: Double, columnGap: Double = 10, rowGap: Double = 20
    ) {
        precondition(rows > 0 && columns > 0, "a grid needs panels")
        self.rows = rows
        self.columns = columns
        self.count = count ?? rows * columns
        precondition(self.count > 0 && self.count <= rows * columns, "more panels than places")
        self.size = size
        (self.left, self.right, self.bottom, self.top) = (left, right, bottom, top)
        (self.columnGap, self.rowGap) = (columnGap, rowGap)
    }

    /// Panels in balanced rows, as many columns as fit, below a legend: what figures of equal panels have in common.
    /// - Parameters:
    ///   - count: of panels.
    ///   - width: of the figure, in inches.
    ///   - edges: the height of the figure without its rows and all but the first line of the legend, in inches.
    ///   - rowHeight: what a row adds to it.
    ///   - legendLines: as ``legendLines(_:width:)`` has them.
    ///   - left: the space beside all panels, in points.
    ///   - right: likewise.
    ///   - columnGap: the space between columns.
    ///   - rowGap: the space between rows.
    package init(
        balanced count: Int, width: Double, edges: Double, rowHeight: Double, legendLines: Int, left: Double, right: Double,
        columnGap: Double = 12, rowGap: Double = 20
    ) {
        let columns = Self.columns(for: count, width: width, margins: left + right, gap: columnGap)
        let rows = (count + columns - 1) / columns
        let legend = 12 * Double(legendLines - 1)
        self.init(
            rows: rows, columns: columns, count: count,
            size: FigureSize(width: width, height: edges + rowHeight * Double(rows) + legend / 72), left: left, right: right, bottom: 28,
            top: 32 + legend, columnGap: columnGap, rowGap: rowGap)
    }

    /// Starts the figure.
    public var begin: String { "set multiplot\n" }

    /// Ends it.
    public var end: String { "unset multiplot\n" }

    /// What precedes the `plot` of a panel, numbered by rows from 0: its place, its title, and tick labels and axis labels
    /// on the outer panels only.
    ///
    /// Titles and labels are gnuplot's enhanced text: `Var[{/:Italic ψ}_t]`. Formats are those of its tick labels, such as
    /// ``GnuplotScript/powersOfTen``.
    public func panel(
        _ number: Int, title: String = "", xLabel: String = "", yLabel: String = "",
        xFormat: String = "%g", yFormat: String = "%g"
    ) -> String {
        precondition(number >= 0 && number < count, "no such panel")
        let row = number / columns, column = number % columns
        let isLowest = number + columns >= count
        let isFirst = column == 0
        let width = (72 * size.width - left - right - columnGap * Double(columns - 1)) / Double(columns)
        let height = (72 * size.height - bottom - top - rowGap * Double(rows - 1)) / Double(rows)
        let start = left + Double(column) * (width + columnGap)
        let base = bottom + Double(rows - 1 - row) * (height + rowGap)
        return """

            # Panel \(number + 1).
            \(margins(from: start, to: start + width, above: base, below: base + height))
            set title \(Self.quoted(title)) offset 0,-0.7
            set format x \(Self.quoted(isLowest ? xFormat : ""))
            set format y \(Self.quoted(isFirst ? yFormat : ""))
            set xlabel \(Self.quoted(isLowest ? xLabel : "")) offset 0,0.5
            set ylabel \(Self.quoted(isFirst ? yLabel : "")) offset 0.3,0

            """
    }

    /// One legend for all panels along the upper edge: an empty plot of its own, to come after the last panel. Needs a `top`
    /// of 16 points and 12 for each line.
    ///
    /// - Parameters:
    ///   - entries: a title in enhanced text, and how it is drawn, as in `plot`: `with lines linetype 1`.
    ///   - lines: the lines it takes, about four entries each in a figure of two columns.
    public func legend(_ entries: [(title: String, style: String)], lines: Int = 1) -> String {
        let upper = 72 * size.height - 2
        let parts = entries.map { entry in
            "NaN \(entry.style) title \(Self.quoted(entry.title))"
        }
        return """

            # The legend, as an empty plot.
            \(margins(from: 4, to: 72 * size.width - 4, above: upper - 12 * Double(lines), below: upper))
            unset title
            unset xlabel
            unset ylabel
            unset tics
            unset border
            unset grid
            unset label
            unset arrow
            unset object
            unset logscale
            set key inside center center horizontal Left reverse
            plot [0:1] [0:1] \(parts.joined(separator: ", \\\n     "))

            """
    }

    /// How many columns so many panels take: as many as fit and are wanted, in rows that are as full as each other: four panels of three
    /// at most as 2 + 2, five as 3 + 2.
    /// - Parameters:
    ///   - count: of panels.
    ///   - width: of the figure, in inches.
    ///   - most: columns that are wanted.
    ///   - margins: in points, left and right of all panels together.
    ///   - gap: in points, between two.
    public static func columns(for count: Int, width: Double, most: Int = 3, margins: Double, gap: Double) -> Int {
        precondition(count > 0 && most > 0, "a grid needs panels")
        let fitting = max(1, Int((72 * width - margins + gap) / (narrowestPanel + gap)))
        let columns = min(count, most, fitting)
        let rows = (count + columns - 1) / columns
        return (count + rows - 1) / rows
    }

    /// In points.
    private static let narrowestPanel = 75.0

    /// The lines that a legend of so many entries takes in a figure of that width: about four entries to seven inches.
    public static func legendLines(_ entries: Int, width: Double) -> Int {
        let each = max(1, Int(width / 1.6))
        return (entries + each - 1) / each
    }

    /// A text as gnuplot writes it in single quotes.
    public static func quoted(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }

    /// Edges in points from the lower left corner, as fractions of the figure; four digits are a twentieth of a point.
    private func margins(from left: Double, to right: Double, above bottom: Double, below top: Double) -> String {
        Self.margins(size, from: left, to: right, above: bottom, below: top)
    }

    static func margins(
        _ size: FigureSize, from left: Double, to right: Double, above bottom: Double, below top: Double
    ) -> String {
        let edges = [left / size.width, right / size.width, bottom / size.height, top / size.height].map {
            "screen " + ShortestDigits.text(of: ($0 / 72 * 10_000).rounded() / 10_000)
        }
        return "set margins " + edges.joined(separator: ", ")
    }
}
