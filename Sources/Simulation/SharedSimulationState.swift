import Synchronization

/// The state of a run at work: finished parts come in from any thread, and what there is so far can be had at any time.
public final class SharedSimulationState<Counts: SampleConsumer, Samples: SampleConsumer>: Sendable {
    private let state: Mutex<SimulationState<Counts, Samples>>

    /// - Parameter state: what there is before the run.
    public init(_ state: SimulationState<Counts, Samples>) { self.state = Mutex(state) }

    /// What there is now: whole leaves, never a part of one. Taking it holds nobody up; what is done with it neither.
    public var snapshot: SimulationState<Counts, Samples> { state.withLock { $0 } }

    func insert(_ result: PartResult<Counts, Samples>, of part: SimulationPart) {
        state.withLock { $0.insert(result, of: part) }
    }
}

/// Takes finished parts and the number of finished trajectories, from any thread.
final class PartCollector<Counts: SampleConsumer, Samples: SampleConsumer>: Sendable {
    private let state: SharedSimulationState<Counts, Samples>
    private let finished = Mutex(0)
    private let progress: (@Sendable (Int) -> Void)?
    /// For the next part.
    let empty: PartResult<Counts, Samples>

    init(_ state: SharedSimulationState<Counts, Samples>, progress: (@Sendable (Int) -> Void)?) {
        self.state = state
        let snapshot = state.snapshot
        empty = PartResult(node: NodeSums(sums: PowerSums(), samples: snapshot.emptySamples), counts: snapshot.emptyCounts)
        self.progress = progress
    }

    func finish(_ part: SimulationPart, _ result: PartResult<Counts, Samples>) { state.insert(result, of: part) }

    func report(_ trajectories: Int) {
        guard let progress else { return }
        finished.withLock { finished in
            finished += trajectories
            progress(finished)
        }
    }
}
