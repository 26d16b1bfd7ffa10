import Foundation
import Gradients
import Report
import SpecialFunctions

extension GradientsOutcome {
    /// `run.json`: the parameters, the version, and the inputs with the SHA-256 of their bytes (null for pipes).
    /// - Throws: `TraceError` when a file can no longer be read.
    public func runRecord(version: String) throws -> [UInt8] {
        let text = ShortestDigits.text(of:)
        let command = [
            "varlab gradients \(experiment.paths.joined(separator: " "))",
            "--steps \(steps.map(String.init).joined(separator: ","))",
            experiment.bins.map { "--bins \($0)" },
            "--beta2 \(text(experiment.beta2)) --epsilon \(text(experiment.epsilon)) --level \(text(experiment.level))",
            experiment.skipsNonfinite ? "--skip-nonfinite" : nil,
        ].compactMap { $0 }.joined(separator: " ")
        let record = Record(
            program: "varlab", version: version, command: command,
            parameters: .init(
                steps: steps, bins: arrays.first?.scan.histograms.first?.counts.count, beta2: experiment.beta2,
                epsilon: experiment.epsilon, level: experiment.level, correction: "Holm",
                skipNonfinite: experiment.skipsNonfinite),
            inputs: try experiment.paths.map { path in
                .init(file: path, sha256: Self.isFile(path) ? try Self.digest(of: path) : nil)
            },
            gsl: GSL.version)
        return runRecordBytes(record)
    }

    /// Whether it can be read again: not a pipe.
    private static func isFile(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    private static func digest(of path: String) throws -> String {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw TraceError(path: path, found: "cannot be opened again", rule: "must be a readable file")
        }
        defer { try? file.close() }
        var hash = SHA256()
        while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty {
            piece.withUnsafeBytes { hash.update($0) }
        }
        return hash.hexadecimal()
    }

    private struct Record: Encodable {
        let program: String
        let version: String
        let command: String
        let parameters: Parameters
        let inputs: [Input]
        let gsl: String

        struct Parameters: Encodable {
            let steps: [Int]
            let bins: Int?
            let beta2: Double
            let epsilon: Double
            let level: Double
            let correction: String
            let skipNonfinite: Bool
        }

        struct Input: Encodable {
            let file: String
            let sha256: String?
        }
    }
}
