import CKernels
import Simulation
import Testing
import Training

/// A layer's backward pass against central differences of its forward pass, in double: parameters and an input, and what the layer makes
/// of them.
///
/// The loss is Σ w y with fixed normal weights w. With a step of 1e-5 the difference quotient errs by about 1e-10 from the third
/// derivative and by 1e-16/1e-5 = 1e-11 times the terms of the sum from rounding; the gradients are of order 1.
struct GradientCheck {
    static let step = 1e-5
    static let tolerance = 1e-7
    var layout = ParameterLayout()
    let workspace = Workspace()
    let kernels = NetworkKernels<Double>(varlab_best_variant())
    let key = StepKey(seed: 5, step: 3)

    func normals(_ count: Int, stream: Int) -> [Double] {
        NoiseStream.normals(seed: 99, trajectory: stream, count: count)
    }

    /// `forward` returns y of a pass and an input; `backward` gets w = dy and returns dx.
    func callAsFunction(
        inputs: Int, outputs: Int, training: Bool = false,
        forward: (Pass<Double>, UnsafeMutablePointer<Double>) -> UnsafeMutablePointer<Double>,
        backward: (Pass<Double>, UnsafeMutablePointer<Double>) -> UnsafeMutablePointer<Double>
    ) {
        var parameters = zip(layout.initialParameters(seed: 4, as: Double.self), normals(layout.count, stream: 0)).map {
            $0 + 0.3 * $1
        }
        var input = normals(inputs, stream: 1)
        let weights = normals(outputs, stream: 2)
        var gradients = [Double](repeating: .nan, count: layout.count)

        func loss() -> Double {
            workspace.reset()
            let x = workspace.take(inputs, of: Double.self)
            x.update(from: input, count: inputs)
            var unused = [Double](repeating: 0, count: max(layout.count, 1))
            let value = unused.withUnsafeMutableBufferPointer { unused in
                parameters.withUnsafeBufferPointer { p in
                    let pass = Pass(
                        parameters: p.baseAddress!, gradients: training ? unused.baseAddress! : nil, workspace: workspace,
                        kernels: kernels, key: key)
                    let y = forward(pass, x)
                    return (0..<outputs).reduce(0.0) { $0 + weights[$1] * y[$1] }
                }
            }
            return value
        }
        if parameters.isEmpty { parameters = [0] }

        var inputGradient = [Double](repeating: .nan, count: inputs)
        workspace.reset()
        gradients.withUnsafeMutableBufferPointer { g in
            parameters.withUnsafeBufferPointer { p in
                let pass = Pass(
                    parameters: p.baseAddress!, gradients: g.baseAddress, workspace: workspace, kernels: kernels, key: key)
                let x = workspace.take(inputs, of: Double.self)
                x.update(from: input, count: inputs)
                _ = forward(pass, x)
                let dy = workspace.take(outputs, of: Double.self)
                dy.update(from: weights, count: outputs)
                let dx = backward(pass, dy)
                for i in 0..<inputs { inputGradient[i] = dx[i] }
            }
        }
        for i in 0..<inputs {
            let value = input[i]
            input[i] = value + Self.step
            let above = loss()
            input[i] = value - Self.step
            let difference = (above - loss()) / (2 * Self.step)
            input[i] = value
            #expect(abs(inputGradient[i] - difference) <= Self.tolerance * max(1, abs(difference)), "x[\(i)]")
        }
        for tensor in layout.tensors {
            for i in tensor.range {
                let value = parameters[i]
                parameters[i] = value + Self.step
                let above = loss()
                parameters[i] = value - Self.step
                let difference = (above - loss()) / (2 * Self.step)
                parameters[i] = value
                #expect(
                    abs(gradients[i] - difference) <= Self.tolerance * max(1, abs(difference)),
                    "\(tensor.name)[\(i - tensor.offset)]")
            }
        }
    }
}
