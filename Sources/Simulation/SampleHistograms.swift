/// A histogram for each chosen iteration and mean.
public struct SampleHistograms: SampleConsumer {
    private let meanCount: Int
    private var histograms: [SampleHistogram]  // [steps][means]

    /// - Parameter makeHistogram: the empty histogram of positions in `sampleSteps` and `means`.
    public init<Failure>(
        _ parameters: SimulationParameters,
        makeHistogram: (_ stepIndex: Int, _ meanIndex: Int) throws(Failure) -> SampleHistogram
    ) throws(Failure) {
        meanCount = parameters.means.count
        histograms = []
        for stepIndex in parameters.sampleSteps.indices {
            for meanIndex in parameters.means.indices {
                histograms.append(try makeHistogram(stepIndex, meanIndex))
            }
        }
    }

    public subscript(stepIndex stepIndex: Int, meanIndex meanIndex: Int) -> SampleHistogram {
        histograms[stepIndex * meanCount + meanIndex]
    }

    public mutating func consume(_ block: SampleBlock) {
        for index in histograms.indices {
            histograms[index].add(block.values(stepIndex: index / meanCount, meanIndex: index % meanCount))
        }
    }
}
