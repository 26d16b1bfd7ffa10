import CKernels

/// A convolution with batch normalisation behind it: ε = 1e-5, the biased moments of the batch in training and the running ones in
/// evaluation, as ``BatchNorm``.
package struct ConvolutionUnit: Sendable {
    package let convolution: PlaneConvolution
    private let gain: Int
    private let shift: Int
    /// Which layer of ``BatchNormMoments`` its normalisation is.
    private let index: Int

    package init(
        _ input: ImagePlanes, outputs: Int, size: Int, stride: Int, names: (convolution: String, norm: String), index: inout Int,
        in layout: inout ParameterLayout
    ) {
        convolution = PlaneConvolution(input, outputs: outputs, size: size, stride: stride, name: names.convolution, in: &layout)
        gain = layout.add("\(names.norm).g", [outputs], .ones)
        shift = layout.add("\(names.norm).b", [outputs], .zeros)
        self.index = index
        index += 1
    }

    package var output: ImagePlanes { convolution.output }

    /// What the backward pass needs.
    package struct State<Scalar: TrainingScalar> {
        /// What the convolution gave.
        package let z: PlainImages<Scalar>
        /// Six numbers for each channel; see `planes_norm` and `norm_slopes`.
        let coefficients: UnsafeMutablePointer<Scalar>
        let variances: UnsafeMutablePointer<Double>
        /// The sums of `planes_slopes`.
        let sums: UnsafeMutablePointer<Double>
    }

    /// Convolves what `input` returns for each group, in their order: pixel (0, 0) of images with a frame. A pass with gradients is
    /// in training mode and moves `running`.
    package func forward<Scalar>(
        _ pass: Pass<Scalar>, _ groups: ImageGroups, running: inout BatchNormMoments, input: (Int) -> UnsafePointer<Scalar>
    ) -> State<Scalar> {
        let channels = output.channels
        let state = State(
            z: PlainImages(pass, output, groups: groups.count), coefficients: pass.take(6 * channels),
            variances: pass.workspace.take(channels, of: Double.self), sums: pass.workspace.take(2 * channels, of: Double.self))
        pass.workspace.temporarily {
            let means = pass.workspace.take(channels, of: Double.self)
            let packed = convolution.packed(pass)
            let training = pass.gradients != nil
            means.update(repeating: 0, count: channels)
            state.variances.update(repeating: 0, count: channels)
            var shape = output.plain
            for group in 0..<groups.count {
                let z = state.z[group]
                convolution.forward(pass, packed: packed, input(group), into: z)
                if training {
                    let before = Double(group * ImageGroups.lanes * output.area)
                    pass.kernels.planes_moments(&shape, groups.present(group), before, z, means, state.variances)
                }
            }
            if training {
                let count = groups.images * output.area
                for channel in 0..<channels { state.variances[channel] /= Double(count) }
                running.move(layer: index, means: means, variances: state.variances, count: count)
            } else {
                running.read(layer: index, means: means, variances: state.variances)
            }
            pass.kernels.norm_coefficients(
                channels, means, state.variances, BatchNorm.epsilon, pass.parameters + gain, pass.parameters + shift, state.coefficients)
        }
        state.sums.update(repeating: 0, count: 2 * channels)
        return state
    }

    /// One group: y = max(norm(z), 0), with a frame.
    package func rectified<Scalar>(
        _ pass: Pass<Scalar>, _ groups: ImageGroups, _ group: Int, _ state: State<Scalar>, into y: UnsafeMutablePointer<Scalar>
    ) {
        var (shape, target) = (output.plain, output.framed)
        pass.kernels.planes_norm(&shape, &target, groups.present(group), state.z[group], state.coefficients, y)
    }

    /// One group: sets the gradient `d` of y to 0 where the rectified value y, which has a frame, is 0.
    package func rectifyBackward<Scalar>(_ pass: Pass<Scalar>, y: UnsafePointer<Scalar>, d: UnsafeMutablePointer<Scalar>) {
        var (shape, target) = (output.plain, output.framed)
        pass.kernels.planes_rectify(&shape, &target, y, d)
    }

    /// One group: adds what the gradient of norm(z) says about gain and shift. To be done for all groups, in their order, before
    /// ``finishNorm(_:_:_:)``.
    package func addNormGradient<Scalar>(_ pass: Pass<Scalar>, _ group: Int, _ state: State<Scalar>, d: UnsafePointer<Scalar>) {
        var shape = output.plain
        pass.kernels.planes_slopes(&shape, d, state.z[group], state.coefficients, state.sums)
    }

    /// Writes the gradients of gain and shift; before ``normBackward(_:_:_:_:d:into:)``.
    package func finishNorm<Scalar>(_ pass: Pass<Scalar>, _ groups: ImageGroups, _ state: State<Scalar>) {
        pass.kernels.norm_slopes(
            output.channels, Double(groups.images * output.area), state.variances, BatchNorm.epsilon, pass.parameters + gain,
            state.sums, state.coefficients, pass.gradient(gain), pass.gradient(shift))
    }

    /// One group: the gradient of z, with a frame, from that of norm(z).
    package func normBackward<Scalar>(
        _ pass: Pass<Scalar>, _ groups: ImageGroups, _ group: Int, _ state: State<Scalar>, d: UnsafePointer<Scalar>,
        into dz: UnsafeMutablePointer<Scalar>
    ) {
        var (shape, target) = (output.plain, output.framed)
        pass.kernels.planes_norm_backward(&shape, &target, groups.present(group), d, state.z[group], state.coefficients, dz)
    }
}
