import GradientStatistics
import Report

/// Histograms of ln|g| as ridges one behind the other, in the manner of figures 2 and 3 of the paper.
struct RidgelineFigure {
    struct Panel {
        let title: String
        /// What tells the ridges apart, in enhanced text.
        let axis: String
        /// From the one behind to the one in front.
        let ridges: [Ridge]
    }

    struct Ridge {
        let label: String
        let histogram: LogMagnitudeHistogram
        /// Where its rows begin in the table that the figure draws; nil for a table of the figure's own.
        var row: Int?
    }

    let name: String
    let panels: [Panel]

    /// The tallest ridge reaches over so many of its neighbours.
    private static let overlap = 2.4
    /// How far the bars of exact zeros and of what is below e^-20 stand left of the bins, and half their width, in units of ``unit(_:)``.
    private static let zeroBar = 4.3, underflowBar = 1.6, halfBar = 0.4
    /// The height of a bar of all gradients, in units of the distance of two ridges.
    private static let wholeBar = 0.85

    /// - Parameter table: with the columns of ``columns(_:)``, in which each ridge says where its rows begin; nil for one of the ridges
    ///   alone.
    func figure(table: Table? = nil) -> GnuplotFigure {
        let file = GnuplotFigure.dataFile(figure: name)
        let longest = panels.flatMap(\.ridges).map(\.label.count).max() ?? 1
        // Names of layers take the room of a second panel.
        let isNamed = longest > 8
        let columns = isNamed ? 1 : min(panels.count, 2)
        let rows = (panels.count + columns - 1) / columns
        let tallest = panels.flatMap(\.ridges).map { Self.largestShare($0.histogram) }.max() ?? 1
        let heightOfShare = tallest > 0 ? Self.overlap / tallest : 1
        // The highest point of all ridges, in units of their distance above the lowest line.
        let top = panels.flatMap { panel in
            panel.ridges.enumerated().map { position, ridge in
                Double(panel.ridges.count - 1 - position) + max(1, heightOfShare * Self.largestShare(ridge.histogram))
            }
        }.max() ?? 1
        let height = Double(rows) * (0.6 + 0.17 * top) + Double(rows - 1) * 0.14 + 0.1
        let size: FigureSize = columns == 1 && !isNamed ? .oneColumn(height: height) : .twoColumns(height: height)
        let grid = PanelGrid(
            rows: rows, columns: columns, count: panels.count, size: size, left: max(34, min(22 + 4.2 * Double(longest), 110)),
            right: 8, bottom: 28, top: 16, columnGap: max(34, min(20 + 4.2 * Double(longest), 110)), rowGap: 44)
        let scale = ShortestDigits.text(of: (heightOfShare * 1e4).rounded() / 1e4)
        let highest = panels.flatMap(\.ridges).map(\.histogram.highest).max() ?? 0
        var body = grid.begin + """
            scale = \(scale)
            # A bar of all gradients would nearly reach the next ridge. Each says its share.
            bar_scale = \(Self.wholeBar)
            unset grid
            set xrange [\(ShortestDigits.text(of: LogMagnitudeHistogram.lowest - 5 * Self.unit(highest))):\(ShortestDigits.text(of: highest + 0.5))]
            set xtics scale 0.5,0 (\(Self.ticks(to: highest)))
            set border 1

            """
        var row = 0
        for (index, panel) in panels.enumerated() {
            body += grid.panel(index, title: "", xLabel: "ln |{/:Italic g}|", yLabel: "", yFormat: "%g")
            let labels = panel.ridges.enumerated().map { position, ridge in
                "\(PanelGrid.quoted(GnuplotScript.escaped(ridge.label))) \(panel.ridges.count - 1 - position)"
            }
            // Tick labels and the axis' name on every panel: the ridges of each are its own.
            body += """
                set title \(PanelGrid.quoted(methodLabel(panel.title))) offset 0,-0.7
                set ylabel \(PanelGrid.quoted(panel.axis)) offset 0.3,0
                set xlabel 'ln |{/:Italic g}|' offset 0,0.5
                set format x '%g'
                set yrange [-0.15:\(ShortestDigits.text(of: ((top + 0.1) * 100).rounded() / 100))]
                set ytics scale 0,0 (\(labels.joined(separator: ", ")))
                plot \\

                """
            var parts: [String] = []
            for (position, ridge) in panel.ridges.enumerated() {
                let base = panel.ridges.count - 1 - position
                let count = ridge.histogram.counts.count + 2
                let start = ridge.row ?? row
                let bins = "every ::\(start + 2)::\(start + count - 1)"
                let colour = Self.colour(position, of: panel.ridges.count)
                let x = "(0.5*(column('bin_low')+column('bin_high')))", y = "(\(base)+scale*column('share'))"
                parts.append("     '\(file)' using \(x):\(y) \(bins) with filledcurves y=\(base) fillcolor rgb '\(colour)'")
                parts += Self.bars(ridge.histogram, row: start, base: base, colour: colour)
                parts.append("     '' using \(x):\(y) \(bins) with lines linecolor rgb '#ffffff' linewidth 0.7 dashtype solid")
                parts.append("     [-20:\(ShortestDigits.text(of: ridge.histogram.highest))] \(base) with lines linecolor rgb '\(colour)' linewidth 0.5 dashtype solid")
                row += count
            }
            body += parts.joined(separator: ", \\\n") + "\n"
        }
        return GnuplotFigure(
            name: name, caption: "Histograms of ln|g|; at the left the shares of exact zeros and of |g| below e^-20, in percent", size: size,
            table: table ?? Self.table(panels), body: body + grid.end)
    }

    private static func largestShare(_ histogram: LogMagnitudeHistogram) -> Double {
        Double(histogram.counts.max() ?? 0) / Double(max(histogram.total, 1))
    }

    /// The bars of zeros and of the underflow, where there are any, each with its share.
    private static func bars(_ histogram: LogMagnitudeHistogram, row: Int, base: Int, colour: String) -> [String] {
        let unit = unit(histogram.highest)
        var parts: [String] = []
        for (offset, (place, count)) in [(zeroBar, histogram.zeros), (underflowBar, histogram.underflow)].enumerated() where count > 0 {
            let middle = LogMagnitudeHistogram.lowest - unit * place
            let text = { (x: Double) in "(" + ShortestDigits.text(of: (x * 100).rounded() / 100) + ")" }
            let (left, right) = (text(middle - unit * halfBar), text(middle + unit * halfBar))
            let line = "every ::\(row + offset)::\(row + offset)"
            parts.append(
                "     '' using \(text(middle)):(\(base)):\(left):\(right):(\(base)):(\(base)+bar_scale*column('share')) \(line) "
                    + "with boxxyerror fillcolor rgb '\(colour)' fillstyle solid 1 border linecolor rgb '\(colour)' linewidth 0.5")
            parts.append(
                "     '' using \(text(middle + unit * (halfBar + 0.15))):(\(base)):(sprintf('%.2g%%', 100*column('share'))) \(line) "
                    + "with labels left offset 0,character 0.35 font ',5' textcolor rgb '#404040'")
        }
        return parts
    }

    /// Each ridge's zeros and underflow, then its bins.
    private static func table(_ panels: [Panel]) -> Table {
        let ridges = panels.flatMap { panel in panel.ridges.map { (panel: panel.title, ridge: $0) } }
        func repeated(_ text: (String, Ridge) -> String) -> [String] {
            ridges.flatMap { Array(repeating: text($0.panel, $0.ridge), count: $0.ridge.histogram.counts.count + 2) }
        }
        return Table(
            [Column("panel", repeated { panel, _ in panel }), Column("ridge", repeated { $1.label })]
                + columns(ridges.map(\.ridge.histogram)))
    }

    /// The columns of histograms one below the other: zeros in a row without a bin, what is below e^-20 in one with `-inf` below, then
    /// the bins; counts, and their shares of all that were counted.
    static func columns(_ histograms: [LogMagnitudeHistogram]) -> [Column] {
        var (low, high, counts, shares): ([Double?], [Double?], [Int], [Double]) = ([], [], [], [])
        for histogram in histograms {
            low += [nil, -.infinity] + histogram.counts.indices.map(histogram.edge)
            high += [nil, LogMagnitudeHistogram.lowest] + histogram.counts.indices.map { histogram.edge($0 + 1) }
            let all = [histogram.zeros, histogram.underflow] + histogram.counts
            counts += all
            let total = Double(max(histogram.total, 1))
            shares += all.map { Double($0) / total }
        }
        return [Column("bin_low", low), Column("bin_high", high), Column("count", counts), Column("share", shares)]
    }

    /// 1 for gradients up to e^4; more where the axis is so long that the bars would be thin.
    private static func unit(_ highest: Double) -> Double { max(1, (highest - LogMagnitudeHistogram.lowest) / 24) }

    /// 0, below -20, and round numbers from there, five units apart where not too many.
    private static func ticks(to highest: Double) -> String {
        let unit = unit(highest)
        let spacing = [5.0, 10, 20, 50].first { highest - LogMagnitudeHistogram.lowest < 8 * $0 } ?? 100
        let lowest = LogMagnitudeHistogram.lowest
        let values = stride(from: (lowest / spacing).rounded(.down) * spacing + spacing, through: highest, by: spacing).map { value in
            let text = ShortestDigits.text(of: value.magnitude)
            return PanelGrid.quoted(value < 0 ? "−" + text : text) + " " + ShortestDigits.text(of: value)
        }
        let places = [zeroBar, underflowBar].map { ShortestDigits.text(of: lowest - unit * $0) }
        let bars = ["'{/:Italic g} = 0' \(places[0])", "'< −20' \(places[1])", "'' -20"]
        return (bars + values).joined(separator: ", ")
    }

    /// From light to dark blue.
    private static func colour(_ position: Int, of count: Int) -> String {
        let light = [0xb5, 0xd6, 0xea], dark = [0x00, 0x4f, 0x80]
        let digits = zip(light, dark).map { light, dark in
            let value = count > 1 ? light + (dark - light) * position / (count - 1) : dark
            let text = String(value, radix: 16)
            return text.count < 2 ? "0" + text : text
        }
        return "#" + digits.joined()
    }
}
