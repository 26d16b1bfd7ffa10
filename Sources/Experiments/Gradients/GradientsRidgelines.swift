import Report

extension RidgelineFigure {
    /// A panel for each file; in it a ridge for each step, or for each array of a file that has several, over all its chosen steps.
    init(outcome: GradientsOutcome) {
        name = "gradient_histogram"
        panels = (0..<outcome.fileCount).map { file in
            let members = outcome.arrays.filter { $0.source.file == file }
            if members.count == 1 {
                let scan = members[0].scan
                let ridges = zip(scan.steps, scan.histograms).map { Ridge(label: String($0), histogram: $1) }
                return Panel(title: members[0].source.array.name, axis: "step {/:Italic t}", ridges: ridges)
            }
            let ridges = members.compactMap { member -> Ridge? in
                guard var sum = member.scan.histograms.first else { return nil }
                for histogram in member.scan.histograms.dropFirst() { sum.merge(histogram) }
                return Ridge(label: member.source.array.name, histogram: sum)
            }
            let path = members[0].source.path
            return Panel(title: path.split(separator: "/").last.map(String.init) ?? path, axis: "", ridges: ridges)
        }
    }
}
