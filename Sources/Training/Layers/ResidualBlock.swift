/// y = max(x + norm(conv(max(norm(conv(x)), 0))), 0) (He et al. 2016), with as many channels out as in.
package struct ResidualBlock: Sendable {
    private let first: Convolution
    private let firstNorm: BatchNorm
    private let second: Convolution
    private let secondNorm: BatchNorm

    package init(side: Int, channels: Int, name: String, index: inout Int, in layout: inout ParameterLayout) {
        first = Convolution(side: side, inputs: channels, outputs: channels, name: "\(name).conv1", in: &layout)
        firstNorm = BatchNorm(channels: channels, name: "\(name).norm1", index: &index, in: &layout)
        second = Convolution(side: side, inputs: channels, outputs: channels, name: "\(name).conv2", in: &layout)
        secondNorm = BatchNorm(channels: channels, name: "\(name).norm2", index: &index, in: &layout)
    }

    /// What the backward pass needs.
    package struct State<Scalar> {
        let input: UnsafePointer<Scalar>
        let hidden: UnsafeMutablePointer<Scalar>
        let firstNorm: BatchNorm.State<Scalar>
        let secondNorm: BatchNorm.State<Scalar>
        package let output: UnsafeMutablePointer<Scalar>
    }

    package func forward<Scalar>(
        _ pass: Pass<Scalar>, images: Int, _ x: UnsafePointer<Scalar>, running: inout BatchNormMoments
    ) -> State<Scalar> {
        let rows = images * first.side * first.side
        let hidden = first.forward(pass, images: images, x)
        let firstState = firstNorm.forward(pass, rows: rows, hidden, rectified: true, running: &running)
        let output = second.forward(pass, images: images, hidden)
        let secondState = secondNorm.forward(pass, rows: rows, output, rectified: false, running: &running)
        pass.kernels.add(rows * first.outputs, output, x, true, output)
        return State(input: x, hidden: hidden, firstNorm: firstState, secondNorm: secondState, output: output)
    }

    /// Turns `d` from dy into dx.
    package func backward<Scalar>(
        _ pass: Pass<Scalar>, images: Int, _ state: State<Scalar>, d: UnsafeMutablePointer<Scalar>
    ) {
        let rows = images * first.side * first.side
        let count = rows * first.outputs
        pass.workspace.temporarily {
            pass.kernels.rectify_backward(count, state.output, d)
            let dBranch = pass.take(count)
            dBranch.update(from: d, count: count)
            secondNorm.backward(pass, rows: rows, state.secondNorm, d: dBranch)
            let dHidden = pass.take(count)
            second.backward(pass, images: images, state.hidden, dy: dBranch, dx: dHidden)
            pass.kernels.rectify_backward(count, state.hidden, dHidden)
            firstNorm.backward(pass, rows: rows, state.firstNorm, d: dHidden)
            first.backward(pass, images: images, state.input, dy: dHidden, dx: dBranch)
            pass.kernels.add(count, d, dBranch, false, d)
        }
    }
}
