import Errors
import Files
import Foundation
import Report
import Theory

/// A run as far as it got.
struct SavedRun<Checkpoint: Codable & Sendable>: Codable, Sendable {
    let run: LabelledRun
    let observation: RunObservation
    let result: RunResult
    /// nil once the run is complete.
    let checkpoint: Checkpoint?
}

/// Where runs save themselves while a training command is at work, so that it can be resumed: one file for each run.
public struct CheckpointFolder: Sendable {
    /// Iterations between two saves.
    static let interval = 200

    public let path: String
    /// What decides a run's numbers beside its plan: task, preset, text, network.
    let identity: String
    private let resumes: Bool

    /// - Parameters:
    ///   - identity: a checkpoint of another one is refused.
    ///   - resumes: whether saved runs count; otherwise they are overwritten.
    public init(path: String, identity: String, resumes: Bool) throws(OutputError) {
        self.path = path
        self.identity = identity
        self.resumes = resumes
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw OutputError(path: path, reason: .system(operation: "create the folder", code: EACCES))
        }
    }

    /// Removes the folder with all that is in it.
    public func remove() { try? FileManager.default.removeItem(atPath: path) }

    private func file(_ run: LabelledRun) -> URL { URL(fileURLWithPath: path).appending(path: run.fileName + ".checkpoint") }

    private struct Envelope<Saved: Codable>: Codable {
        let identity: String
        let saved: Saved
    }

    /// The run as it was saved; nil where it was not, or where saved runs do not count.
    /// - Throws: `ParameterError` for a file that cannot be read, or that is of another configuration.
    func load<Checkpoint>(_ run: LabelledRun, _ observation: RunObservation) throws -> SavedRun<Checkpoint>? {
        guard resumes, let data = try? Data(contentsOf: file(run)) else { return nil }
        let envelope: Envelope<SavedRun<Checkpoint>>
        do {
            envelope = try PropertyListDecoder().decode(Envelope<SavedRun<Checkpoint>>.self, from: data)
        } catch {
            throw ParameterError(parameter: .resume, value: file(run).path, rule: "is no checkpoint that can be read")
        }
        guard envelope.identity == identity, envelope.saved.run == run, envelope.saved.observation == observation else {
            throw ParameterError(
                parameter: .resume, value: file(run).path, rule: "is of a command with other options; give the same ones")
        }
        return envelope.saved
    }

    /// Replaces what was saved of the run, whole or not at all.
    func save<Checkpoint>(_ saved: SavedRun<Checkpoint>) throws {
        let encoder = PropertyListEncoder()
        encoder.outputFormat = .binary
        let bytes = try encoder.encode(Envelope(identity: identity, saved: saved))
        try OutputFile(path: file(saved.run).path, force: true).write([UInt8](bytes))
    }
}
