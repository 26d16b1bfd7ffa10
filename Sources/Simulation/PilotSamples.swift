/// ψ_t of the first trajectories of a run, to see where its histograms should lie. A function of the parameters alone.
package struct PilotSamples: SampleConsumer {
    private var blocks: [SampleBlock] = []

    /// Runs at most 512 trajectories, the first of the whole run.
    package init(_ parameters: SimulationParameters, threads: Int) throws {
        guard let last = parameters.sampleSteps.last else { return }
        let few = try SimulationParameters(
            means: parameters.means, beta2: parameters.beta2, epsilon: parameters.epsilon,
            trajectories: min(parameters.trajectories, 512), iterations: last, seed: parameters.seed,
            sampleSteps: parameters.sampleSteps, gradients: parameters.gradients)
        _ = try MonteCarlo(few).run(threads: threads, samples: &self)
    }

    package mutating func consume(_ block: SampleBlock) { blocks.append(block) }

    package func values(stepIndex: Int, meanIndex: Int) -> [Double] {
        blocks.flatMap { $0.values(stepIndex: stepIndex, meanIndex: meanIndex) }
    }
}
