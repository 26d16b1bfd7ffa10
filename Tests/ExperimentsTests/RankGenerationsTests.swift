import Files
import Foundation
import Simulation
import TestSupport
import Testing

@testable import Experiments

/// Checkpoints of several ranks: whatever a kill leaves, nothing that was saved is lost, and nothing is there twice.
@Suite struct RankGenerationsTests {
    private let simulation: PartwiseSimulation
    private let scratch: Scratch

    init() throws {
        simulation = try RankedRunTests.simulation()
        scratch = try Scratch()
    }

    private func leaves(_ range: Range<Int>) throws -> PartwiseSimulation.State {
        try RankedRunTests.state(simulation, SimulationShare(leaves: [range], rest: false))
    }

    private func checkpoint(resumes: Bool = true, force: Bool = false) throws -> SimulationCheckpoint {
        try SimulationCheckpoint(
            in: scratch.path, shard: nil, of: simulation, resumes: resumes, force: force, provenance: RankedRunTests.provenance)
    }

    private func rank(_ rank: Int, _ generation: Int) -> RankCheckpoint {
        RankCheckpoint(
            in: scratch.path, shard: nil, generation: generation, rank: rank, of: simulation.experiment, provenance: RankedRunTests.provenance)
    }

    /// Reads what is there, as a start would.
    private func loaded(warnings: (String) -> Void = { Issue.record("\($0)") }) throws -> [Range<Int>] {
        let checkpoint = try checkpoint()
        defer { checkpoint.release() }
        return try checkpoint.load(warn: warnings).share.leaves
    }

    private var names: [String] { scratch.names.filter { !$0.hasPrefix(".") } }

    @Test func namesHaveOneSpelling() {
        for (text, name) in [("g1-base.part", RankGenerations.Name(1, .base)), ("g12-rank-0.part", .init(12, .rank(0))), ("g3-rank-17.part", .init(3, .rank(17)))] {
            #expect(RankGenerations.Name(text) == name && name.text == text)
        }
        for text in ["g0-base.part", "g01-base.part", "g1-rank-.part", "g1-rank--1.part", "g1-rank-01.part", "g1-base", "g1.part", "x1-base.part", "g1-base-2.part", "checkpoint.part", ".part", "g-base.part"] {
            #expect(RankGenerations.Name(text) == nil, "\(text)")
        }
    }

    @Test func aGenerationIsItsBaseAndWhatTheRanksHaveAdded() throws {
        let first = try checkpoint()
        #expect(try first.load(warn: { _ in }).share.isEmpty)
        #expect(try first.beginGeneration(simulation.empty) == 1)
        try rank(0, 1).save(try leaves(0..<1))
        try rank(1, 1).save(try leaves(3..<4))
        try rank(1, 1).save(try leaves(3..<5))
        first.release()
        #expect(names == ["g1-base.part", "g1-rank-0.part", "g1-rank-1.part"])
        #expect(try loaded() == [0..<1, 3..<5])
        // The next start has fewer ranks.
        let second = try checkpoint()
        #expect(try second.beginGeneration(try second.load(warn: { _ in })) == 2)
        #expect(names == ["g2-base.part"])
        second.release()
        #expect(try loaded() == [0..<1, 3..<5])
    }

    /// A kill between the new base and the end of the old files; a rank of the killed run that lives on.
    @Test func filesOfOlderGenerationsAreOfNoAccount() throws {
        let first = try checkpoint()
        _ = try first.beginGeneration(simulation.empty)
        let late = rank(1, 1)
        try rank(0, 1).save(try leaves(0..<2))
        let old = try #require(FileManager.default.contents(atPath: scratch.path("g1-rank-0.part")))
        let oldBase = try #require(FileManager.default.contents(atPath: scratch.path("g1-base.part")))
        _ = try first.beginGeneration(try leaves(0..<2))
        first.release()
        try scratch.put(old, at: "g1-rank-0.part")
        try scratch.put(oldBase, at: "g1-base.part")
        try late.save(try leaves(4..<5))
        try rank(0, 2).save(try leaves(2..<3))
        #expect(try loaded() == [0..<3])
        let next = try checkpoint()
        #expect(try next.beginGeneration(try next.load(warn: { _ in })) == 3)
        #expect(names == ["g3-base.part"])
    }

    /// Its trajectories are computed again; a base that is damaged is an error.
    @Test func aDamagedFileOfARankIsLeftOut() throws {
        let first = try checkpoint()
        _ = try first.beginGeneration(try leaves(0..<1))
        try rank(0, 1).save(try leaves(1..<2))
        try scratch.put("nothing", at: "g1-rank-1.part")
        first.release()
        var warnings: [String] = []
        #expect(try loaded { warnings.append($0) } == [0..<2])
        #expect(warnings.count == 1 && warnings[0].contains("g1-rank-1.part") && warnings[0].hasSuffix("what it had is computed again"))
        try scratch.put("nothing", at: "g1-base.part")
        #expect(throws: InputError.self) { try loaded { _ in } }
    }

    /// One process takes over what ranks have saved, and ranks what one process has; a kill between leaves both.
    @Test func ranksAndOneProcessGoOnWithEachOther() throws {
        let one = try checkpoint()
        try one.save(try leaves(0..<2))
        one.release()
        let saved = try #require(FileManager.default.contents(atPath: scratch.path("checkpoint.part")))
        let many = try checkpoint()
        #expect(try many.beginGeneration(try many.load(warn: { _ in })) == 1)
        #expect(names == ["g1-base.part"])
        try rank(2, 1).save(try leaves(2..<4))
        many.release()
        try scratch.put(saved, at: "checkpoint.part")
        #expect(try loaded() == [0..<4])
        let again = try checkpoint()
        try again.save(try again.load(warn: { _ in }))
        #expect(names.first == "checkpoint.part" && !names.contains { $0.hasPrefix("g") })
        again.release()
        #expect(try loaded() == [0..<4])
    }

    @Test func generationsAreReplacedByForceOnly() throws {
        let first = try checkpoint()
        _ = try first.beginGeneration(simulation.empty)
        first.release()
        #expect(throws: CheckpointError.exists(path: scratch.path)) { try checkpoint(resumes: false) }
        #expect(names == ["g1-base.part"])
        let anew = try checkpoint(resumes: false, force: true)
        #expect(names.isEmpty)
        #expect(try anew.load(warn: { _ in }).share.isEmpty)
    }
}
