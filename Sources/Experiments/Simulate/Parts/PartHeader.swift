import Errors
import Files
import Foundation
import Report
import Simulation
import Traces

/// What stands at the head of a part, as JSON: which program made it, all that decides the run, and what of the run it has.
struct PartHeader: Codable, Equatable, Sendable {
    let program: String
    let version: String
    let commit: String?
    let parameters: SimulateExperiment.RecordedParameters
    /// The files that the gradients come from, with their digests.
    let inputs: [InputFile]
    /// The nodes of the merge tree, [level, index], in the order of their trajectories.
    let nodes: [[Int]]
    /// Whether the trajectories behind the last leaf are there too.
    let rest: Bool
    /// How many of the numbers that follow are real ones.
    let realCount: Int

    init(_ state: PartwiseSimulation.State, of experiment: SimulateExperiment, provenance: Provenance, realCount: Int) {
        program = "varlab"
        (version, commit) = (provenance.version, provenance.commit)
        parameters = experiment.recordedParameters
        inputs = experiment.inputs
        nodes = state.forest.nodes.map { [$0.level, $0.index] }
        rest = state.rest != nil
        self.realCount = realCount
    }

    /// The program in words, such as `0.1.0 (commit 1b2c3d)`.
    var programText: String { Self.programText(Provenance(version: version, commit: commit)) }

    static func programText(_ provenance: Provenance) -> String {
        "\(provenance.version) (commit \(provenance.commit ?? "unknown"))"
    }

    /// The share of the run that is there; nil for nodes that no run has.
    var treeNodes: [TreeNode]? {
        let nodes = nodes.compactMap { $0.count == 2 ? TreeNode(checking: $0[0], index: $0[1]) : nil }
        return nodes.count == self.nodes.count ? nodes : nil
    }

    func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return [UInt8](try encoder.encode(self))
    }

    init?(_ bytes: ArraySlice<UInt8>) {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard let header = try? decoder.decode(PartHeader.self, from: Data(bytes)) else { return nil }
        self = header
    }
}

extension SimulateExperiment.RecordedParameters {
    /// All options that decide the run, as they are typed, and the digests of the files.
    func settings(_ inputs: [InputFile]) -> [String: String] {
        let text = ShortestDigits.text(of:)
        var settings: [String: String] = [:]
        settings["--mu"] = mu.map { $0.map(text).joined(separator: ",") }
        settings["--beta2"] = text(beta2)
        settings["--epsilon"] = text(epsilon)
        settings["--trajectories"] = "\(trajectories)"
        settings["--iterations"] = "\(iterations)"
        settings["--seed"] = "\(seed)"
        settings["--histogram-steps"] = histogramSteps.isEmpty ? nil : histogramSteps.map(String.init).joined(separator: ",")
        settings["--batches"] = "\(batches)"
        settings["--gradients"] = gradients ?? "normal"
        settings["--block"] = "\(block ?? 1)"
        settings["--autocorrelation"] = text(autocorrelation ?? 0)
        settings["--scales"] = scales
        settings["--means"] = means
        settings["--beta1"] = beta1.map(text)
        for input in inputs { settings["SHA-256 of \(input.file.onOneLine)"] = input.sha256 }
        return settings
    }
}
