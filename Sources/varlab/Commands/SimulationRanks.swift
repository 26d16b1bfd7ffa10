import Errors
import Experiments
import Files
import Foundation
import Messages
import Simulation
import Synchronization

/// A run that several ranks make: what differs from one of a single process.
extension SimulationCommandRun {
    /// What rank 0 does in place of computing the share alone.
    func state(
        of simulation: PartwiseSimulation, share: SimulationShare, ranks: RankMessages
    ) throws -> PartwiseSimulation.State {
        let count = simulation.simulation.trajectoryCount(of:)
        let run = RankedRun(simulation, ranks: ranks, provenance: provenance)
        let checkpoint = try parts.checkpoint.map { folder in
            try SimulationCheckpoint(
                in: folder, shard: parts.shard, of: simulation, resumes: parts.resume, force: destination.force, provenance: provenance)
        }
        let begun = try checkpoint?.load(warn: StandardError.say) ?? simulation.empty
        let generation = try checkpoint?.beginGeneration(begun)
        let left = share.subtracting(begun.share)
        let assignment = try run.assign(left, generation: generation)
        let bar = ProgressBar(total: count(left), unit: "trajectories", quiet: quiet)
        let own = try compute(assignment, of: run) { finished in
            ranks.report(finished: finished)
            bar.update(ranks.reported().finished)
        }
        // Every report must be seen before the library is left; and until the last rank is done there is no state to wait for.
        while true {
            let (finished, unfinishedRanks) = ranks.reported()
            bar.update(finished)
            if unfinishedRanks == 0 { break }
            usleep(20_000)
        }
        bar.finish()
        var all = begun
        all.merge(own)
        let state = try run.gather(all)!
        // Programs that are started later, such as gnuplot, must not inherit what belongs to the library.
        ranks.finish()
        checkpoint?.release()
        guard share.subtracting(state.share).isEmpty else {
            throw RunStopped(
                reason: reasonOfStop, done: count(state.share), total: count(share), checkpoint: parts.checkpoint!,
                hasGained: state.share != begun.share, command: commandToGoOn)
        }
        Interruption.endProcessIfRequested()
        return state
    }

    /// What the other ranks do.
    func work(_ ranks: RankMessages) throws {
        let simulation = try PartwiseSimulation(experiment, threads: threads)
        if let assignment = try RankedRun.await(ranks) {
            let run = RankedRun(simulation, ranks: ranks, provenance: provenance)
            let own = try compute(assignment, of: run) { ranks.report(finished: $0) }
            _ = try run.gather(own)
        }
        ranks.finish()
    }

    /// Tells the other ranks that there is nothing to do.
    func dismissRanks() {
        guard let ranks else { return }
        RankedRun.dismiss(ranks)
        ranks.finish()
    }

    /// The slice of this rank, saved now and then where there is a checkpoint.
    /// - Parameter progress: called with the number of trajectories that this rank has finished, five times a second.
    private func compute(
        _ assignment: RankAssignment, of run: RankedRun<RankMessages>, progress: @escaping @Sendable (Int) -> Void
    ) throws -> PartwiseSimulation.State {
        let simulation = run.simulation, share = run.share(of: assignment)
        let pace = Pace(every: .milliseconds(200))
        let latest = Mutex(0)
        let paced: @Sendable (Int) -> Void = { finished in
            latest.withLock { $0 = max($0, finished) }
            if pace.isDue() { progress(finished) }
        }
        let state: PartwiseSimulation.State
        if let folder = parts.checkpoint, let generation = assignment.generation {
            let file = RankCheckpoint(
                in: folder, shard: parts.shard, generation: generation, rank: run.ranks.rank, of: experiment, provenance: provenance)
            Interruption.postpone()
            state = try SavingRun(simulation, share: share, interval: parts.checkpointEvery.value, save: file.save).run(
                from: simulation.empty, threads: threads, progress: paced, isStopped: isStopped, warn: StandardError.say)
        } else {
            state = try simulation.state(of: share, threads: threads, progress: paced)
        }
        run.ranks.reportLast(finished: latest.withLock { $0 })
        return state
    }
}

/// Lets through what comes often no more than so often.
private final class Pace: Sendable {
    private let interval: Duration
    private let last = Mutex(ContinuousClock.now)

    init(every interval: Duration) { self.interval = interval }

    func isDue() -> Bool {
        let now = ContinuousClock.now
        return last.withLock { last in
            guard now - last >= interval else { return false }
            last = now
            return true
        }
    }
}
