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
    package init(layers: Int, channels: Int) { self.init(channels: Array(repeating: channels, count: layers)) }

    /// Means 0 and variances 1 of layers that differ in their channels.
    package init(channels: [Int]) {
        means = channels.map { Array(repeating: 0, count: $0) }
        variances = channels.map { Array(repeating: 1, count: $0) }
    }

    /// Moves a layer's moments towards those of a batch, whose variances are biased and of `count` pixels.
    mutating func move(layer: Int, means batch: UnsafePointer<Double>, variances biased: UnsafePointer<Double>, count: Int) {
        // Of a single row there is no unbiased variance; PyTorch refuses it, here the running one stays.
        let unbiased = count > 1 ? Double(count) / Double(count - 1) : nil
        for channel in means[layer].indices {
            means[layer][channel] += BatchNorm.momentum * (batch[channel] - means[layer][channel])
            if let unbiased {
                variances[layer][channel] += BatchNorm.momentum * (biased[channel] * unbiased - variances[layer][channel])
            }
        }
    }

    /// Copies a layer's moments.
    func read(layer: Int, means: UnsafeMutablePointer<Double>, variances: UnsafeMutablePointer<Double>) {
        for channel in self.means[layer].indices {
            means[channel] = self.means[layer][channel]
            variances[channel] = self.variances[layer][channel]
        }
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
            running.move(layer: index, means: mean, variances: variance, count: rows)
        } else {
            running.read(layer: index, means: mean, variances: variance)
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
