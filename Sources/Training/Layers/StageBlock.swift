import CKernels

/// y = max(shortcut(x) + norm(conv(max(norm(conv(x)), 0))), 0) (He et al. 2016), where the first convolution may halve the image and
/// change the number of channels.
package struct StageBlock: Sendable {
    private let first: ConvolutionUnit
    private let second: ConvolutionUnit
    /// Nil where the shortcut has no parameters.
    private let projection: ConvolutionUnit?
    /// Whether the shortcut is the input itself.
    private let isIdentity: Bool
    private let shortcut: varlab_shortcut
    package var input: ImagePlanes { first.convolution.input }
    package var output: ImagePlanes { second.output }

    package init(
        _ input: ImagePlanes, outputs: Int, stride: Int, shortcut kind: ResidualShortcut, name: String, index: inout Int,
        in layout: inout ParameterLayout
    ) {
        first = ConvolutionUnit(
            input, outputs: outputs, size: 3, stride: stride, names: ("\(name).conv1", "\(name).norm1"), index: &index, in: &layout)
        second = ConvolutionUnit(
            first.output, outputs: outputs, size: 3, stride: 1, names: ("\(name).conv2", "\(name).norm2"), index: &index,
            in: &layout)
        isIdentity = stride == 1 && outputs == input.channels
        if isIdentity || kind == .padded {
            projection = nil
            let x = input.framed
            shortcut = varlab_shortcut(channels: input.channels, row: stride * x.row, column: stride, plane: x.plane)
        } else {
            let unit = ConvolutionUnit(
                input, outputs: outputs, size: 1, stride: stride, names: ("\(name).shortcut", "\(name).norm3"), index: &index,
                in: &layout)
            projection = unit
            let x = unit.output.plain
            shortcut = varlab_shortcut(channels: outputs, row: x.row, column: 1, plane: x.plane)
        }
    }

    /// What the backward pass needs.
    package struct State<Scalar: TrainingScalar> {
        let input: FramedImages<Scalar>
        let first: ConvolutionUnit.State<Scalar>
        let second: ConvolutionUnit.State<Scalar>
        let projection: ConvolutionUnit.State<Scalar>?
        package let output: FramedImages<Scalar>
    }

    package func forward<Scalar>(
        _ pass: Pass<Scalar>, _ groups: ImageGroups, _ x: FramedImages<Scalar>, running: inout BatchNormMoments
    ) -> State<Scalar> {
        let y = FramedImages(pass, output, groups: groups.count)
        let firstState = first.forward(pass, groups, running: &running) { UnsafePointer(x[$0]) }
        // The hidden images are made anew in the backward pass: that is less work than to store them.
        let hidden = FramedImages(pass, first.output, groups: 1)
        let secondState = second.forward(pass, groups, running: &running) { group in
            first.rectified(pass, groups, group, firstState, into: hidden[0])
            return UnsafePointer(hidden[0])
        }
        let projected = projection?.forward(pass, groups, running: &running) { UnsafePointer(x[$0]) }
        var (shape, target, shortcut) = (output.plain, output.framed, shortcut)
        for group in 0..<groups.count {
            pass.kernels.planes_join(
                &shape, &target, &shortcut, groups.present(group), secondState.z[group], secondState.coefficients,
                projected?.z[group] ?? x[group], projected.map { UnsafePointer($0.coefficients) }, y[group])
        }
        return State(input: x, first: firstState, second: secondState, projection: projected, output: y)
    }

    /// The gradient of x from that of y, `d`, which it changes and may return.
    package func backward<Scalar>(
        _ pass: Pass<Scalar>, _ groups: ImageGroups, _ state: State<Scalar>, d: PlainImages<Scalar>
    ) -> PlainImages<Scalar> {
        for group in 0..<groups.count {
            second.rectifyBackward(pass, y: state.output[group], d: d[group])
            second.addNormGradient(pass, group, state.second, d: d[group])
            if let projection { projection.addNormGradient(pass, group, state.projection!, d: d[group]) }
        }
        second.finishNorm(pass, groups, state.second)
        let dx = isIdentity ? d : PlainImages(pass, input, groups: groups.count)
        pass.workspace.temporarily {
            let dHidden = PlainImages(pass, first.output, groups: groups.count)
            // As many groups at a time as give the weights' sums something to do between their loads and stores.
            let atOnce = min(groups.count, max(1, 64 / output.area))
            let dz = FramedImages(pass, output, groups: atOnce)
            backwardSecond(pass, groups, state, d: d, dz: dz, atOnce: atOnce, dHidden: dHidden)
            first.finishNorm(pass, groups, state.first)
            backwardFirst(pass, groups, state, dHidden: dHidden, dz: dz, atOnce: atOnce, dx: dx)
            if let projection {
                projection.finishNorm(pass, groups, state.projection!)
                backwardProjection(projection, pass, groups, state, d: d, dz: dz, dx: dx)
            } else if !isIdentity {
                // Distances in the input's gradient, which has no frame.
                let plain = input.plain
                var (shape, share) = (output.plain, shortcut)
                (share.row, share.plane) = (shortcut.column * plain.row, plain.plane)
                for group in 0..<groups.count { pass.kernels.planes_share(&shape, &share, d[group], dx[group]) }
            }
        }
        return dx
    }

    private func backwardSecond<Scalar>(
        _ pass: Pass<Scalar>, _ groups: ImageGroups, _ state: State<Scalar>, d: PlainImages<Scalar>, dz: FramedImages<Scalar>,
        atOnce: Int, dHidden: PlainImages<Scalar>
    ) {
        let convolution = second.convolution
        let hidden = FramedImages(pass, first.output, groups: atOnce)
        let packed = convolution.packedBackward(pass)
        let sums = convolution.weightSums(pass)
        for start in stride(from: 0, to: groups.count, by: atOnce) {
            let count = min(atOnce, groups.count - start)
            for place in 0..<count {
                first.rectified(pass, groups, start + place, state.first, into: hidden[place])
                second.normBackward(pass, groups, start + place, state.second, d: d[start + place], into: dz[place])
            }
            convolution.weightGradient(pass, groups: count, x: hidden[0], dy: dz[0], into: sums, adding: start > 0)
            for place in 0..<count {
                let dHidden = dHidden[start + place]
                convolution.backward(pass, packed: packed, dy: dz[place], into: dHidden, adding: false)
                first.rectifyBackward(pass, y: hidden[place], d: dHidden)
                first.addNormGradient(pass, start + place, state.first, d: dHidden)
            }
        }
        convolution.finishWeightGradient(pass, sums: sums)
    }

    private func backwardFirst<Scalar>(
        _ pass: Pass<Scalar>, _ groups: ImageGroups, _ state: State<Scalar>, dHidden: PlainImages<Scalar>, dz: FramedImages<Scalar>,
        atOnce: Int, dx: PlainImages<Scalar>
    ) {
        let convolution = first.convolution
        let packed = convolution.packedBackward(pass)
        let sums = convolution.weightSums(pass)
        for start in stride(from: 0, to: groups.count, by: atOnce) {
            let count = min(atOnce, groups.count - start)
            for place in 0..<count {
                first.normBackward(pass, groups, start + place, state.first, d: dHidden[start + place], into: dz[place])
            }
            convolution.weightGradient(pass, groups: count, x: state.input[start], dy: dz[0], into: sums, adding: start > 0)
            for place in 0..<count {
                convolution.backward(pass, packed: packed, dy: dz[place], into: dx[start + place], adding: isIdentity)
            }
        }
        convolution.finishWeightGradient(pass, sums: sums)
    }

    private func backwardProjection<Scalar>(
        _ projection: ConvolutionUnit, _ pass: Pass<Scalar>, _ groups: ImageGroups, _ state: State<Scalar>, d: PlainImages<Scalar>,
        dz: FramedImages<Scalar>, dx: PlainImages<Scalar>
    ) {
        let convolution = projection.convolution
        let packed = convolution.packedBackward(pass)
        let sums = convolution.weightSums(pass)
        for group in 0..<groups.count {
            projection.normBackward(pass, groups, group, state.projection!, d: d[group], into: dz[0])
            convolution.weightGradient(pass, groups: 1, x: state.input[group], dy: dz[0], into: sums, adding: group > 0)
            convolution.backward(pass, packed: packed, dy: dz[0], into: dx[group], adding: true)
        }
        convolution.finishWeightGradient(pass, sums: sums)
    }
}
