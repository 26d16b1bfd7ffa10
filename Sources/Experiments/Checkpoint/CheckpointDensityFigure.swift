import Distributions
import Foundation
import GradientStatistics
import Report
import Theory

/// The density of all updates over the exact law of noise, and over that of the |μ|/σ which their root mean square implies.
struct CheckpointDensityFigure {
    let all: CheckpointTensor

    private static let name = "checkpoint_density"
    /// What is further out is not shown.
    private static let outside = 1e-4

    func figure() throws -> GnuplotFigure {
        let table = try table()
        return GnuplotFigure(
            name: Self.name, caption: "The density of an optimizer's updates, with the exact law of noise", width: FigureSize.oneColumn(height: 1).width,
            data: [.init(table: table)]
        ) { drawing(table, width: $0) }
    }

    /// `checkpoint_density.csv`: in bins as wide as those of `checkpoint_histogram.csv`, but at least 1/32.
    private func table() throws -> Table {
        let bins = all.updates.bins, live = Double(max(1, all.updates.sums.live))
        // The last one ends nowhere.
        let edges = UpdateBins.edges.dropLast()
        let kept = edges.indices.filter { edges[$0] == edges.last || (edges[$0] * 32).rounded() == edges[$0] * 32 }
        let law = try impliedLaw().map(UpdateDistribution.init)
        let implied = law.map { law in edges.map { law.valuesOfSize(at: $0).upper } }
        // From outside in.
        var (seen, end) = (0, 1)
        for size in edges.indices.dropLast().reversed() {
            seen += bins.positive[size] + bins.negative[size]
            if Double(seen) > Self.outside * live || all.tails[size] > Self.outside {
                end = size + 1
                break
            }
        }
        let right = zip(kept, kept.dropFirst()).filter { $0.0 < end }.map { Bin(first: $0.0, last: $0.1, isNegative: false) }
        let order = right.reversed().map { Bin(first: $0.first, last: $0.last, isNegative: true) } + right
        func width(_ bin: Bin) -> Double { edges[bin.last] - edges[bin.first] }
        func density(_ tails: [Double], _ bin: Bin) -> Double { (tails[bin.first] - tails[bin.last]) / 2 / width(bin) }
        return Table([
            Column("u", order.map { ($0.isNegative ? -0.5 : 0.5) * (edges[$0.first] + edges[$0.last]) }),
            Column("width", order.map(width)),
            Column("density", order.map { bin in
                let counts = (bin.isNegative ? bins.negative : bins.positive)[bin.first..<bin.last]
                return Double(counts.reduce(0, +)) / live / width(bin)
            }),
            Column("density_noise", order.map { density(all.tails, $0) }),
            Column("density_implied", order.map { bin in implied.map { density($0, bin) } }),
        ])
    }

    /// Edges of |u| by their numbers.
    private struct Bin {
        let first, last: Int
        let isNegative: Bool
    }

    /// nil where the root mean square is that of noise, or implies nothing.
    private func impliedLaw() throws -> UpdateLaw? {
        guard let key = all.law?.key, let mean = all.implied?.mean, mean > 0, key.step > 1 else { return nil }
        return try UpdateLaw(beta1: key.beta1, beta2: key.beta2, mean: mean, step: key.step)
    }

    private func drawing(_ table: Table, width: Double) -> GnuplotFigure.Drawing {
        let size = FigureSize.oneColumn(height: 2.3).widened(to: width)
        let file = GnuplotFigure.dataFile(figure: Self.name)
        let columns = ["density", "density_noise", "density_implied"].map { table.reals($0) }
        let places = table.reals("u").compactMap(\.self), widths = table.reals("width").compactMap(\.self)
        let end = zip(places, widths).map { abs($0) + $1 / 2 }.max() ?? 1
        // Densities below the share that is left out of sight are nothing but the edge of a law.
        let decades = Decades(around: columns.joined().compactMap(\.self).filter { $0 * end > Self.outside }) ?? Decades(around: [0.1, 1])!
        let text = ShortestDigits.text(of:)
        /// Where a curve falls to a height between the ends of the axis, on its right side.
        func place(_ column: Int, _ share: Double) -> (x: Double, y: Double)? {
            let height = pow(10, Double(decades.low) + share * Double(decades.high - decades.low))
            guard let index = places.indices.last(where: { places[$0] > 0 && (columns[column][$0] ?? 0) >= height }) else { return nil }
            return (places[index], height)
        }
        var labels = "set label 'state' at graph 0.5,0.08 center front font ',7' textcolor rgb '#444444'\n"
        func label(_ words: String, _ place: (x: Double, y: Double)?, _ colour: Palette, isInside: Bool) {
            guard let place else { return }
            labels += "set label \(PanelGrid.quoted(words)) at \(text(place.x)),\(text(place.y)) \(isInside ? "right" : "left") front offset character "
                + "\(isInside ? "-1" : "1"),0.3 font ',7' textcolor rgb '\(colour.colour)'\n"
        }
        // The curve with a mean is the outer one.
        label("pure noise", place(1, 0.35), .black, isInside: true)
        if let mean = all.implied?.mean, columns[2].contains(where: { $0 != nil }) {
            label("|{/:Italic μ}|/{/:Italic σ} = \(CheckpointOutcome.rounded(mean, digits: 2))", place(2, 0.72), .vermillion, isInside: false)
        }
        let body = """
            \(GnuplotScript.logarithmic("y"))\(GnuplotScript.margins(size, left: 42, right: 9, bottom: 28, top: 6))
            set xrange [\(text(-end)):\(text(end))]
            set yrange [1e\(decades.low):1e\(decades.high)]
            set format y '\(GnuplotScript.powersOfTen)'
            set xlabel 'update {/:Italic u}' offset 0,0.5
            set ylabel 'density' offset 0.3,0
            \(labels)plot '\(file)' using (column('u')):\(GnuplotScript.value("density")):(column('width')) with boxes fillcolor rgb '#cccccc' fillstyle solid 1 noborder, \\
                 '' using (column('u')):\(GnuplotScript.value("density_noise")) with lines linetype \(Palette.black.lineType) linewidth 1.2, \\
                 '' using (column('u')):\(GnuplotScript.value("density_implied")) with lines linetype \(Palette.vermillion.lineType) linewidth 1.2

            """
        return .init(size: size, body: body)
    }
}
