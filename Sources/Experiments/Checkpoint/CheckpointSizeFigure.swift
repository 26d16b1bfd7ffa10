import GradientStatistics
import Report
import Theory

/// The root mean square of each tensor's updates, over what noise gives so many coordinates in 95 of 100 cases.
struct CheckpointSizeFigure {
    let tensors: [CheckpointTensor]
    /// Of all tensors; nil where they have several.
    let law: CheckpointLaw?
    /// The table with a row for each tensor at its beginning.
    let file: String
    let table: Table

    private static let name = "checkpoint_rms"
    /// So many names are legible below the axis of a column's width; numbers stand for more.
    private static let mostNames = 20
    private static let longestName = 26
    /// In points.
    private static let letterWidth = 3.4, labelHeight = 8.0

    var figure: GnuplotFigure {
        let means = impliedSizes
        return GnuplotFigure(
            name: Self.name, caption: "The root mean square of the updates of each tensor, with the exact range of noise",
            width: FigureSize.oneColumn(height: 1).width, data: [.init(table: table, sharedFile: file)]
        ) { drawing(means, width: $0) }
    }

    /// The root mean squares at means for an axis.
    private var impliedSizes: [(mean: String, size: Double)] {
        guard let law, law.key.step > 1 else { return [] }
        return ["0", "0.1", "0.2", "0.3", "0.5", "0.7", "1", "1.5", "2", "3", "5"].map { ($0, law.family.moments(mean: Double($0)!).rootMeanSquare) }
    }

    private func drawing(_ means: [(mean: String, size: Double)], width: Double) -> GnuplotFigure.Drawing {
        let count = tensors.count
        let names = Self.shortened(tensors.map(\.name))
        let hasNames = count <= Self.mostNames
        let bottom = hasNames ? 10 + Self.letterWidth * Double(names.map(\.count).max() ?? 0) : 28
        var size = FigureSize.oneColumn(height: 2).widened(to: width)
        size.height += (bottom - 28) / 72
        let text = ShortestDigits.text(of:)
        let noise = tensors.compactMap(\.noiseRootMeanSquare)
        let most = max(tensors.compactMap(\.rootMeanSquare).max() ?? 1, noise.map { $0.mean + ImpliedMean.deviations * $0.deviation }.max() ?? 0)
        // An axis needs a length, also where ε leaves nothing of the updates.
        let high = most > 1e-100 ? 1.08 * most : 1
        // Labels of the second axis that have room.
        let plotHeight = 72 * size.height - bottom - 6
        var ticks: [(mean: String, size: Double)] = []
        for tick in means where tick.size < high && (ticks.isEmpty || (tick.size - ticks[ticks.count - 1].size) / high * plotHeight > Self.labelHeight) {
            ticks.append(tick)
        }
        let right = ticks.isEmpty ? 9.0 : 36
        let rows = "every ::0::\(count - 1)"
        let deviation = text(ImpliedMean.deviations)
        let (mean, spread) = (GnuplotScript.value("rms_noise"), GnuplotScript.value("rms_noise_sd"))
        var body = """
            \(GnuplotScript.margins(size, left: 42, right: right, bottom: bottom, top: 6))
            set xrange [0.4:\(text(Double(count) + 0.6))]
            set yrange [0:\(text(high))]
            set ylabel 'update, root mean square' offset 0.3,0
            unset grid
            set grid ytics back linetype 1 linewidth 0.4 linecolor rgb '#dddddd' dashtype solid

            """
        if hasNames {
            let places = names.enumerated().map { "\(PanelGrid.quoted(GnuplotScript.escaped($1))) \($0 + 1)" }
            body += "set xtics rotate by 90 right font ',6.5' (\(places.joined(separator: ", ")))\n"
        } else {
            body += "set xlabel 'tensor, in the file''s order' offset 0,0.5\n"
        }
        if !ticks.isEmpty {
            let places = ticks.map { "'\($0.mean)' \(text($0.size))" }
            body += """
                set border 11
                set y2range [0:\(text(high))]
                set y2tics nomirror (\(places.joined(separator: ", ")))
                set y2label 'implied |{/:Italic μ}|/{/:Italic σ}' offset -0.8,0

                """
        }
        // Below the band at its beginning.
        let first = tensors.prefix(max(1, 2 * count / 5)).compactMap(\.noiseRootMeanSquare).map { $0.mean - ImpliedMean.deviations * $0.deviation }
        if let lowest = first.min(), lowest > 0.1 * high {
            body += "set label 'pure noise, 95%' at graph 0.02,first \(text(lowest)) left front offset 0,-0.6 font ',7'\n"
        }
        body += """
            plot '\(file)' using ($0+1):\(mean):($0+0.5):($0+1.5):(\(mean)-\(deviation)*\(spread)):(\(mean)+\(deviation)*\(spread)) \(rows) \\
                    with boxxyerror fillcolor rgb '#bbbbbb' fillstyle solid 1 noborder, \\
                 '' using ($0+0.5):\(mean):(1):(0) \(rows) with vectors nohead linetype \(Palette.black.lineType) linewidth 0.8, \\
                 '' using ($0+1):\(GnuplotScript.value("rms")) \(rows) with points linetype \(Palette.blue.lineType) pointtype 7 pointsize \(count > 100 ? "0.25" : "0.5")

            """
        return .init(size: size, body: body)
    }

    /// Names without the words that all begin or end with, such as `model.layers.` and `.weight`; of what is still long the beginning and the end.
    static func shortened(_ names: [String]) -> [String] {
        var words = names.map { $0.split(separator: ".", omittingEmptySubsequences: false)[...] }
        while words.count > 1, words.allSatisfy({ $0.count > 1 && $0.first == words[0].first }) { words = words.map { $0.dropFirst() } }
        while words.count > 1, words.allSatisfy({ $0.count > 1 && $0.last == words[0].last }) { words = words.map { $0.dropLast() } }
        return words.map { words in
            let name = words.joined(separator: ".")
            guard name.count > longestName else { return name }
            let half = (longestName - 1) / 2
            return name.prefix(half) + "…" + name.suffix(longestName - 1 - half)
        }
    }
}

extension CheckpointOutcome {
    /// Figures with their data and scripts, to be written and rendered.
    func figures() throws -> [GnuplotFigure] {
        [
            try CheckpointDensityFigure(all: all).figure(),
            CheckpointSizeFigure(tensors: tensors, law: all.law, file: "checkpoint_summary.csv", table: summaryTable()).figure,
        ]
    }
}
