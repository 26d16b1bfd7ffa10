import Files
import Foundation
import Report
import Traces

/// What an experiment has found: tables, figures and the record of how they came about.
public protocol Outcome: Sendable {
    /// Writes the tables, `run.json`, and the data and scripts of the figures into the folder.
    /// - Returns: the figures, which are still to be drawn there.
    func write(to folder: OutputFolder, provenance: Provenance) throws -> [GnuplotFigure]

    /// The same for one whose tables take long: it calls `draw` as soon as the data and scripts of its figures are in the folder,
    /// and goes on to write while they are drawn. By default it calls ``write(to:provenance:)``, then `draw`.
    func write(to folder: OutputFolder, provenance: Provenance, draw: ([GnuplotFigure]) -> Void) throws

    /// What came out, in a few lines for a terminal; none by default. The names of the files follow them there.
    var summaryLines: [String] { get }
}

extension Outcome {
    public func write(to folder: OutputFolder, provenance: Provenance, draw: ([GnuplotFigure]) -> Void) throws {
        draw(try write(to: folder, provenance: provenance))
    }

    public var summaryLines: [String] { [] }
}

/// Which program made a result, and by which command.
public struct Provenance: Sendable, Equatable {
    /// The released version, such as `0.1.0`.
    public let version: String
    /// The commit that the program was built from; nil where that is not known.
    public let commit: String?
    /// The command in a shell's words, without what does not decide the result: threads, output folder, silence.
    public let command: String?

    public init(version: String, commit: String? = nil, command: String? = nil) {
        self.version = version
        self.commit = commit
        self.command = command
    }
}

/// The content of every `run.json`: all that decides a result and nothing that does not.
public struct RunRecord<Parameters: Encodable & Sendable>: Encodable, Sendable {
    public let program = "varlab"
    public let version: String
    public let commit: String?
    public let command: String?
    public let parameters: Parameters
    /// The files that were read, with the digests of the bytes that were read.
    public let inputs: [InputFile]?
    /// The versions of the libraries that bytes depend on, by their names.
    public let libraries: [String: String]?

    public init(
        _ provenance: Provenance, parameters: Parameters, inputs: [InputFile] = [], libraries: [String: String] = [:]
    ) {
        version = provenance.version
        commit = provenance.commit
        command = provenance.command
        self.parameters = parameters
        self.inputs = inputs.isEmpty ? nil : inputs
        self.libraries = libraries.isEmpty ? nil : libraries
    }

    private enum CodingKeys: String, CodingKey { case program, version, commit, command, parameters, inputs, libraries }

    /// The file's bytes: keys in snake case and sorted, so that equal runs give equal bytes. A number that JSON cannot hold
    /// stands as text: `inf`, `-inf`, `nan`.
    public func bytes() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.nonConformingFloatEncodingStrategy = .convertToString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return [UInt8](try encoder.encode(self)) + [UInt8(ascii: "\n")]
    }
}
