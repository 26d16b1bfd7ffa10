import Optimizers

/// One step at a time on ten million parameters in single precision; its buffers are made by the first one.
final class OptimizerStep {
    private let name: String
    private let threads: Int
    private var parameters: [Float] = []
    private var gradients: [Float] = []
    private var optimizer: Optimizer<Float>?

    init(_ name: String, threads: Int) {
        self.name = name
        self.threads = threads
    }

    /// - Returns: one parameter.
    func run() throws -> Double {
        if optimizer == nil { try prepare() }
        optimizer!.update(&parameters, gradients: gradients, threads: threads)
        return Double(parameters[1234])
    }

    private func prepare() throws {
        let count = 10_000_000
        let method = try MethodSpecification(parsing: name).method(MethodSettings(), like: .torch)
        parameters = [Float](repeating: 0.5, count: count)
        // The peers' numbers: a sawtooth around 0.
        gradients = (0..<count).map { Float($0 % 2001 - 1000) / 1000 }
        optimizer = try Optimizer<Float>(method, count: count)
        // Past the steps that are not rectified.
        for _ in 0..<9 { optimizer!.update(&parameters, gradients: gradients, threads: threads) }
    }
}
