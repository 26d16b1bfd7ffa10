import Concurrency
import Errors
import GradientStatistics
import Synchronization
import Theory
import Traces

/// An optimizer's saved state, exp_avg and exp_avg_sq, next to the exact law of the update: what its steps are beside those of pure noise.
public struct CheckpointExperiment: Sendable {
    let files: [String]
    let settings: CheckpointSettings

    /// - Parameters:
    ///   - files: of one state: a file, or its shards.
    ///   - betas: β1 and β2; nil for the file's own.
    ///   - step: t; nil for the file's own.
    ///   - epsilon: ε; nil for the file's own, or 1e-8 where it has none.
    /// - Throws: `ParameterError` for anything outside its domain; for a file that is given twice.
    public init(files: [String], betas: [Double]? = nil, step: Int? = nil, epsilon: Double? = nil) throws(ParameterError) {
        settings = try CheckpointSettings(betas: betas, step: step, epsilon: epsilon)
        if let twice = files.indices.first(where: { files[..<$0].contains(files[$0]) }) {
            throw ParameterError(parameter: .source, value: files[twice], rule: "is there twice: give each file once")
        }
        self.files = files
    }

    /// Reads each file once for its updates, and for its digest what is not read in order. The result does not depend on the number of threads.
    ///
    /// - Parameter progress: is called from any thread with the number of coordinates seen and to be seen.
    /// - Throws: `TraceError` for a file that cannot be read or is changed meanwhile, and where it does not say what the options leave out.
    public func run(
        threads: Int, progress: (@Sendable (_ done: Int, _ total: Int) -> Void)? = nil
    ) throws -> CheckpointOutcome {
        let states = try files.map { (path) throws(TraceError) in try OptimizerStateFile(reading: path) }
        return try run(states, threads: threads, progress: progress)
    }

    /// The same of files that are open.
    package func run(
        _ states: [OptimizerStateFile], threads: Int, progress: (@Sendable (_ done: Int, _ total: Int) -> Void)? = nil
    ) throws -> CheckpointOutcome {
        var notes = settings.notes(on: states)
        var tensors: [MomentTensor] = []
        for state in states {
            for (index, pair) in state.pairs.enumerated() {
                tensors.append(
                    MomentTensor(
                        name: Self.label(pair, of: state, among: states), count: pair.count, scales: try settings.scales(of: pair, in: state)
                    ) { range, first, second in try state.read(index, range, first: first, second: second) })
            }
        }
        let digests = Mutex([String](repeating: "", count: states.count))
        // Hashing is the longest work of all: it begins first.
        let hashing = states.enumerated().map { index, state in
            { @Sendable () throws -> Void in
                let digest = try state.digest()
                digests.withLock { $0[index] = digest }
            }
        }
        let counter = ProgressCounter(total: tensors.reduce(0) { $0 + $1.count }, report: progress)
        let pass = try MomentPass(tensors, others: hashing, threads: threads, progress: counter)
        let keys = Set(tensors.map { CheckpointLaw.Key($0.scales) }).sorted()
        let laws = try CheckpointLaw.laws(keys, threads: threads)
        let members = try concurrentMap(Array(zip(tensors, pass.tensors)), threads: threads) { tensor, updates in
            try CheckpointTensor(name: tensor.name, scales: tensor.scales, updates: updates, law: laws[CheckpointLaw.Key(tensor.scales)]!)
        }
        let all = try CheckpointTensor(all: members, updates: pass.all)
        notes += CheckpointNotes.notes(on: members, all: all)
        let inputs = zip(files.isEmpty ? states.map(\.path) : files, digests.withLock { $0 }).map { InputFile(file: $0, sha256: $1) }
        return CheckpointOutcome(tensors: members, all: all, notes: notes, inputs: inputs)
    }

    /// The parameter's name; with several files that of the file too, where names repeat.
    private static func label(_ pair: MomentPair, of state: OptimizerStateFile, among states: [OptimizerStateFile]) -> String {
        states.count { $0.pairs.contains { $0.name == pair.name } } == 1 ? pair.name : "\(state.path):\(pair.name)"
    }
}
