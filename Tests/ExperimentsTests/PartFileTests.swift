@testable import Experiments
import Errors
import Files
import Foundation
import Simulation
import TestSupport
import Testing

/// Parts as bytes: what is not whole, unchanged and of the run is refused by name, and nothing traps.
@Suite struct PartFileTests {
    static let provenance = Provenance(version: "1.2.3", commit: "abc", command: "varlab simulate")

    /// - Parameter share: of three leaves and a rest.
    static func part(
        _ share: SimulationShare, seed: UInt64 = 7, beta2: Double = 0.99, steps: [Int] = [], beta1: Double? = nil, trajectories: Int = 3 * 16_384 + 5,
        provenance: Provenance = provenance, name: String = "a.part"
    ) throws -> PartFile { try PartFile(bytes(share, seed: seed, beta2: beta2, steps: steps, beta1: beta1, trajectories: trajectories, provenance: provenance), name: name) }

    static func bytes(
        _ share: SimulationShare, seed: UInt64 = 7, beta2: Double = 0.99, steps: [Int] = [], beta1: Double? = nil, trajectories: Int = 3 * 16_384 + 5,
        provenance: Provenance = provenance
    ) throws -> [UInt8] {
        let experiment = try SimulateExperiment(
            means: [0.25], beta2: beta2, epsilon: 0, trajectories: trajectories, iterations: 2, seed: seed, histogramSteps: steps, batchCount: 3, beta1: beta1)
        let simulation = try PartwiseSimulation(experiment, threads: 1)
        let state = SharedSimulationState(simulation.empty)
        try simulation.simulation.run(threads: 1, share: share, in: state)
        return try PartFile.bytes(state.snapshot, of: experiment, provenance: provenance)
    }

    static let whole = SimulationShare(leaves: [0..<3], rest: true)

    /// The layout that the type documents: a reader in another language finds the header and the first sums.
    @Test func theLayoutIsAsDocumented() throws {
        let bytes = try Self.bytes(SimulationShare(leaves: [0..<2], rest: false))
        #expect(bytes.starts(with: [0x89] + Array("varlab\n".utf8)) && Array(bytes[8..<12]) == [1, 0, 0, 0])
        let headerLength = Int(bytes[12]) + 256 * Int(bytes[13])
        #expect(headerLength % 8 == 0 && Array(bytes[16..<24]) == (0..<8).map { UInt8(truncatingIfNeeded: bytes.count >> (8 * $0)) })
        let header = try #require(JSONSerialization.jsonObject(with: Data(bytes[24..<24 + headerLength])) as? [String: Any])
        #expect(header["program"] as? String == "varlab" && header["version"] as? String == "1.2.3" && header["commit"] as? String == "abc")
        #expect(header["nodes"] as? [[Int]] == [[1, 0]] && header["rest"] as? Bool == false && header["real_count"] as? Int == 8 + 0)
        let parameters = try #require(header["parameters"] as? [String: Any])
        #expect(parameters["beta2"] as? Double == 0.99 && parameters["trajectories"] as? Int == 49_157 && parameters["seed"] as? Int == 7)
        // At t = 1 the shifted ψ has a mean within a few units of the shift.
        let first = bytes[(24 + headerLength)...].prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        #expect(Double(bitPattern: first).isFinite && Double(bitPattern: first) != 0)
        let hash = SHA256()
        hash.update(Array(bytes.dropLast(64)))
        #expect(String(decoding: bytes.suffix(64), as: UTF8.self) == hash.hexadecimal())
    }

    /// Every bit flipped, every length cut, a byte too many: always refused, as what it is called.
    @Test func everyMutationIsRefused() throws {
        let bytes = try Self.bytes(SimulationShare(leaves: [0..<1], rest: true))
        #expect(throws: Never.self) { try PartFile(bytes, name: "x.part") }
        var messages: Set<String> = []
        for index in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[index] ^= 1 << UInt8(bit)
                let error = #expect(throws: InputError.self) { try PartFile(changed, name: "x.part") }
                messages.insert(String(error?.description.prefix(24) ?? ""))
            }
            let error = #expect(throws: InputError.self) { try PartFile(Array(bytes[..<index]), name: "x.part") }
            #expect(error?.exitClass == .data && error?.description.hasPrefix("x.part: ") == true)
        }
        #expect(throws: InputError.self) { try PartFile(bytes + [0], name: "x.part") }
        #expect(messages == ["x.part: is not a part of", "x.part: is a part in for", "x.part: has \(bytes.count) bytes: m".prefix(24).description, "x.part: is damaged: its "])
    }

    /// The same with the right digest, as nobody but a forger makes it: refused or taken, but nothing traps.
    @Test func forgedPartsDoNotTrap() throws {
        let bytes = try Self.bytes(SimulationShare(leaves: [0..<1, 2..<3], rest: true))
        var taken = 0
        for index in 24..<bytes.count - 64 {
            for flip: UInt8 in [1, 2, 0x80] {
                var changed = Array(bytes.dropLast(64))
                changed[index] ^= flip
                let hash = SHA256()
                hash.update(changed)
                guard let part = try? PartFile(changed + Array(hash.hexadecimal().utf8), name: "x.part") else { continue }
                if let merge = try? PartMerge(part, provenance: Self.provenance, threads: 1) {
                    taken += 1
                    _ = merge.state.share
                }
            }
        }
        #expect(taken > 0)
    }

    /// Parts of any partition, merged in any order, give the bytes of the whole.
    @Test func randomPartitionsInRandomOrder() throws {
        var random = SplitMix(state: 3)
        for (steps, beta1) in [([], nil), ([1, 2], 0.9)] as [([Int], Double?)] {
            let whole = try Self.bytes(Self.whole, steps: steps, beta1: beta1)
            for _ in 0..<6 {
                let owners = (0..<4).map { _ in Int.random(in: 0..<3, using: &random) }
                let parts = try Set(owners).map { owner in
                    try Self.part(
                        SimulationShare(leaves: (0..<3).filter { owners[$0] == owner }.map { $0..<$0 + 1 }, rest: owners[3] == owner), steps: steps, beta1: beta1)
                }.shuffled(using: &random)
                var merge = try PartMerge(parts[0], provenance: Self.provenance, threads: 1)
                for part in parts.dropFirst() {
                    #expect(throws: PartError.self) { try merge.requireWhole() }
                    try merge.add(part)
                }
                try merge.requireWhole()
                #expect(try PartFile.bytes(merge.state, of: merge.simulation.experiment, provenance: Self.provenance) == whole)
            }
        }
    }

    @Test func whatDoesNotFitIsNamed() throws {
        let first = try Self.part(SimulationShare(leaves: [0..<2], rest: false))
        var merge = try PartMerge(first, provenance: Self.provenance, threads: 1)
        func refusal(_ part: PartFile) -> String {
            do { try merge.add(part) } catch { return "\(error)" }
            return "taken"
        }
        let last = SimulationShare(leaves: [2..<3], rest: true)
        #expect(refusal(try Self.part(SimulationShare(leaves: [1..<3], rest: true), name: "b.part")) == "b.part: has trajectories 16385 to 32768, which a.part has too")
        #expect(refusal(try Self.part(last, seed: 8, beta2: 0.9, name: "b.part"))
            == "b.part: is of another run than a.part: --beta2 is 0.9 there and 0.99 here; --seed is 8 there and 7 here")
        #expect(refusal(try Self.part(last, beta1: 0.5, name: "b.part")).hasSuffix("--beta1 is 0.5 there and not set here"))
        #expect(refusal(try Self.part(last, trajectories: 3 * 16_384 + 6, name: "b.part")).hasSuffix("--trajectories is 49158 there and 49157 here"))
        let other = Provenance(version: "1.2.4", commit: "abc")
        #expect(refusal(try Self.part(last, provenance: other, name: "b.part"))
            == "b.part: was made by varlab 1.2.4 (commit abc), but a.part is 1.2.3 (commit abc); parts of one run are made by one version")
        let error = #expect(throws: PartError.self) { try merge.requireWhole() }
        #expect(error?.description == "the parts are not the whole run: trajectories 32769 to 49157 are in none; --part FILE merges what there is")
        #expect(error?.exitClass == .data)
        #expect(throws: PartError.self) { try PartMerge(first, provenance: other, threads: 1) }
        // What was refused has left nothing behind.
        try merge.add(try Self.part(last, name: "b.part"))
        try merge.requireWhole()
    }
}
