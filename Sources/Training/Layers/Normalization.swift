/// y = γ (x - mean)/√(variance + ε) + β over each row, with the biased variance and ε = 1e-5 (Ba, Kiros, Hinton 2016).
package struct LayerNorm: Sendable {
    package static let epsilon = 1e-5
    package let width: Int
    private let gain: Int
    private let shift: Int

    package init(width: Int, name: String, in layout: inout ParameterLayout) {
        self.width = width
        gain = layout.add("\(name).g", [width], .ones)
        shift = layout.add("\(name).b", [width], .zeros)
    }

    /// What the backward pass needs.
    package struct State<Scalar> {
        let normalized: UnsafeMutablePointer<Scalar>
        let inverseDeviation: UnsafeMutablePointer<Scalar>
        package let output: UnsafeMutablePointer<Scalar>
    }

    package func forward<Scalar>(_ pass: Pass<Scalar>, rows: Int, _ x: UnsafePointer<Scalar>) -> State<Scalar> {
        let state = State(normalized: pass.take(rows * width), inverseDeviation: pass.take(rows), output: pass.take(rows * width))
        pass.kernels.norm_forward(
            rows, width, x, pass.parameters + gain, pass.parameters + shift, Self.epsilon, state.normalized,
            state.inverseDeviation, state.output)
        return state
    }

    /// dx may be dy; with `accumulate` the gradient is added to what `dx` holds.
    package func backward<Scalar>(
        _ pass: Pass<Scalar>, rows: Int, _ state: State<Scalar>, dy: UnsafePointer<Scalar>, dx: UnsafeMutablePointer<Scalar>,
        accumulate: Bool
    ) {
        pass.kernels.norm_backward(
            rows, width, dy, pass.parameters + gain, state.normalized, state.inverseDeviation, accumulate, dx,
            pass.gradient(gain), pass.gradient(shift))
    }
}

/// The running moments of every batch-normalisation layer: state of a run beside its parameters.
public struct BatchNormMoments: Sendable, Equatable, Codable {
    /// [layer][channel]
    public var means: [[Double]]
    /// [layer][channel], unbiased.
    public var variances: [[Double]]

    /// Means 0 and variances 1.
    package init(layers: Int, channels: Int) {
        means = Array(repeating: Array(repeating: 0, count: channels), count: layers)
        variances = Array(repeating: Array(repeating: 1, count: channels), count: layers)
    }
}

/// y = γ (x - mean)/√(variance + ε) + β for each channel, ε = 1e-5, with the biased moments of the batch in training and the
/// running ones in evaluation (Ioffe, Szegedy 2015).
package struct BatchNorm: Sendable {
    package static let epsilon = 1e-5
    /// The share of the batch in the running moments, as in PyTorch.
    package static let momentum = 0.1
    package let channels: Int
    private let gain: Int
    private let shift: Int
    /// Which layer of ``BatchNormMoments`` this is.
    private let index: Int

    package init(channels: Int, name: String, index: inout Int, in layout: inout ParameterLayout) {
        self.channels = channels
        self.index = index
        index += 1
        gain = layout.add("\(name).g", [channels], .ones)
        shift = layout.add("\(name).b", [channels], .zeros)
    }

    /// What the backward pass needs.
    package struct State<Scalar> {
        let normalized: UnsafeMutablePointer<Scalar>
        let variance: UnsafeMutablePointer<Double>
    }

    /// Replaces x [`rows`, channels] by y, rectified if asked. A pass with gradients is in training mode and moves `running`.
    package func forward<Scalar>(
        _ pass: Pass<Scalar>, rows: Int, _ x: UnsafeMutablePointer<Scalar>, rectified: Bool, running: inout BatchNormMoments
    ) -> State<Scalar> {
        let mean = pass.workspace.take(channels, of: Double.self)
        let variance = pass.workspace.take(channels, of: Double.self)
        if pass.gradients != nil {
            pass.kernels.column_moments(rows, channels, x, mean, variance)
            // Of a single row there is no unbiased variance; PyTorch refuses it, here the running one stays.
            let unbiased = rows > 1 ? Double(rows) / Double(rows - 1) : nil
            for channel in 0..<channels {
                running.means[index][channel] += Self.momentum * (mean[channel] - running.means[index][channel])
                if let unbiased {
                    running.variances[index][channel] +=
                        Self.momentum * (variance[channel] * unbiased - running.variances[index][channel])
                }
            }
        } else {
            for channel in 0..<channels {
                mean[channel] = running.means[index][channel]
                variance[channel] = running.variances[index][channel]
            }
        }
        let normalized = pass.take(rows * channels)
        pass.workspace.temporarily {
            pass.kernels.batch_norm_forward(
                rows, channels, x, mean, variance, Self.epsilon, pass.parameters + gain, pass.parameters + shift, rectified,
                pass.take(2 * channels), normalized, x)
        }
        return State(normalized: normalized, variance: variance)
    }

    /// Turns `d` from dy, before the rectifier, into dx.
    package func backward<Scalar>(
        _ pass: Pass<Scalar>, rows: Int, _ state: State<Scalar>, d: UnsafeMutablePointer<Scalar>
    ) {
        pass.workspace.temporarily {
            pass.kernels.batch_norm_backward(
                rows, channels, d, state.variance, Self.epsilon, pass.parameters + gain, state.normalized,
                pass.workspace.take(2 * channels, of: Double.self), pass.take(2 * channels), d, pass.gradient(gain),
                pass.gradient(shift))
        }
    }
}
