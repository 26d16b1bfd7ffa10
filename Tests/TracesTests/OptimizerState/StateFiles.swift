import Foundation
import Testing
import Traces

/// The files that `Scripts/make_optimizer_states.py` made with several versions of PyTorch, and what `torch.load` found in them.
enum StateFiles {
    struct Pair: Decodable, Sendable {
        let name: String
        let shape: [Int]
        let step: Int?
        let settings: Settings?
        let hasMaximum: Bool
        /// Bits of doubles in hexadecimal.
        let first: [String]
        let second: [String]
    }

    struct Settings: Decodable, Sendable {
        let beta1: Double?
        let beta2: Double?
        let epsilon: Double?
        let learningRate: Double?
        let weightDecay: Double?
        let amsgrad: Bool?

        var value: StateSettings {
            StateSettings(
                beta1: beta1, beta2: beta2, epsilon: epsilon, learningRate: learningRate, weightDecay: weightDecay, amsgrad: amsgrad)
        }
    }

    static let folder = TraceFiles.folder + "/OptimizerState"

    /// By version/name.
    static let expected: [String: [Pair]?] = {
        var all: [String: [Pair]?] = [:]
        for version in try! FileManager.default.contentsOfDirectory(atPath: folder) {
            let bytes = FileManager.default.contents(atPath: "\(folder)/\(version)/expected.json")!
            for (name, pairs) in try! JSONDecoder().decode([String: [Pair]?].self, from: bytes) { all["\(version)/\(name)"] = .some(pairs) }
        }
        return all
    }()

    /// Those that are read.
    static let names = expected.filter { $0.value != nil }.keys.sorted()

    static func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try #require(FileManager.default.contents(atPath: "\(folder)/\(name)")))
    }
}

extension OptimizerStateFile {
    func values(_ index: Int, _ range: Range<Int>? = nil) throws(TraceError) -> (first: [Double], second: [Double]) {
        let range = range ?? 0..<pairs[index].count
        var first = [Double](repeating: -7, count: range.count), second = first
        var failure: TraceError?
        first.withUnsafeMutableBufferPointer { first in
            second.withUnsafeMutableBufferPointer { second in
                do throws(TraceError) { try read(index, range, first: first, second: second) } catch { failure = error }
            }
        }
        if let failure { throw failure }
        return (first, second)
    }

    /// Reads every element of every pair.
    func readAll() throws(TraceError) {
        for index in pairs.indices { _ = try values(index) }
    }
}
