import Errors
import Simulation
import Theory
import Traces

/// A sequence of gradients with the files that its scales and means were read from.
public struct SequenceFiles: Sendable {
    public let sequence: GradientSequence
    /// As the user named them; nil where there are none.
    let scales, means: String?
    let inputs: [InputFile]

    /// Independent gradients that are all alike.
    public static let none = SequenceFiles(GradientSequence.independent)

    /// - Parameter sequence: with scales and means that come from no file, which a record cannot name.
    public init(_ sequence: GradientSequence) {
        (self.sequence, scales, means, inputs) = (sequence, nil, nil, [])
    }

    /// - Throws: as ``NumberSeries/read(_:for:)``.
    public init(autocorrelation: Double, scales: String?, means: String?) throws {
        let files = try [(scales, Parameter.scales), (means, .means)].map { path, parameter in
            try path.map { try NumberSeries.readWithRecord($0, for: parameter) }
        }
        (self.scales, self.means) = (scales, means)
        inputs = files.compactMap { $0?.input }
        sequence = GradientSequence(autocorrelation: autocorrelation, scales: files[0]?.values, means: files[1]?.values)
    }
}
