import Foundation
import TestSupport
import Testing
import Traces

/// What is read is what `torch.load` says, to the bit.
struct OptimizerStateFileTests {
    @Test(arguments: StateFiles.names) func isWhatPyTorchLoads(name: String) throws {
        let expected = try #require(StateFiles.expected[name] ?? nil)
        let file = try OptimizerStateFile(reading: StateFiles.folder + "/" + name)
        // safetensors sorts its tensors by type and name.
        let isSorted = name.hasSuffix(".safetensors")
        #expect(isSorted ? Set(file.pairs.map(\.name)) == Set(expected.map(\.name)) : file.pairs.map(\.name) == expected.map(\.name))
        for (index, pair) in file.pairs.enumerated() {
            let wanted = try #require(expected.first { $0.name == pair.name })
            #expect(pair.shape == wanted.shape && pair.count == wanted.first.count, "\(pair.name)")
            #expect(pair.step == wanted.step && pair.hasMaximum == wanted.hasMaximum && pair.settings == wanted.settings?.value, "\(pair.name)")
            let values = try file.values(index)
            #expect(values.first.map(TraceFiles.bits) == wanted.first && values.second.map(TraceFiles.bits) == wanted.second, "\(pair.name)")
        }
    }

    /// Any part of any pair, whatever lies before it; from several threads at once.
    @Test(arguments: StateFiles.names.filter { $0.contains("views") || $0.contains("named") }) func parts(name: String) async throws {
        let file = try OptimizerStateFile(reading: StateFiles.folder + "/" + name)
        await withTaskGroup(of: Void.self) { group in
            for index in file.pairs.indices {
                group.addTask {
                    do {
                        let whole = try file.values(index)
                        for start in 0...file.pairs[index].count {
                            for end in start...file.pairs[index].count {
                                let part = try file.values(index, start..<end)
                                #expect(part.first == Array(whole.first[start..<end]) && part.second == Array(whole.second[start..<end]))
                            }
                        }
                    } catch {
                        Issue.record(error)
                    }
                }
            }
        }
    }

    @Test func settingsThatGroupsShare() throws {
        let file = try OptimizerStateFile(reading: StateFiles.folder + "/2.13.0/lightning.ckpt")
        #expect(file.settings == StateSettings(beta1: nil, beta2: nil, epsilon: nil, learningRate: nil, weightDecay: nil, amsgrad: nil))
        #expect(file.pairs.map(\.hasMaximum) == Array(repeating: false, count: 6) + Array(repeating: true, count: 6))
        let alone = try OptimizerStateFile(reading: StateFiles.folder + "/2.13.0/adam.pt")
        #expect(alone.settings == StateSettings(beta1: 0.9, beta2: 0.999, epsilon: 1e-8, learningRate: 1e-3, weightDecay: 0, amsgrad: false))
    }

    @Test func momentsWithoutTheirPartner() throws {
        let file = try OptimizerStateFile(reading: StateFiles.folder + "/1.6.0/named.pt")
        #expect(file.unpaired == ["g.alone.exp_avg"])
        #expect(!file.pairs.contains { $0.name == "f.empty" })
    }

    /// The name decides nothing, and the digest is that of the bytes.
    @Test func bytesUnderAnyName() throws {
        for name in ["2.13.0/adam.pt", "2.13.0/indexed.safetensors"] {
            let bytes = try StateFiles.bytes(name)
            let file = try OptimizerStateFile(bytes: bytes, named: "state.0001")
            try file.readAll()
            #expect(file.path == "state.0001" && file.pairs.count == 6)
            #expect(try file.digest() == OptimizerStateFile(reading: StateFiles.folder + "/" + name).digest())
        }
    }
}
