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

/// 3×3 convolution of images [height, width, channels] with zeros around them and no bias; weights [outputs, 3, 3, inputs].
///
/// A product of the weights and every pixel's neighbourhood, which is laid out for a few images at a time: the neighbourhoods
/// of a batch would be nine times its size and would leave the cache.
package struct Convolution: Sendable {
    package let side: Int
    package let inputs: Int
    package let outputs: Int
    private let weight: Int
    private static let rowsAtOnce = 512

    /// He-normal weights.
    package init(side: Int, inputs: Int, outputs: Int, name: String, in layout: inout ParameterLayout) {
        self.side = side
        self.inputs = inputs
        self.outputs = outputs
        weight = layout.add("\(name).w", [outputs, 3, 3, inputs], .heNormal(inputs: 9 * inputs))
    }

    private var area: Int { side * side }
    private var patch: Int { 9 * inputs }
    private var imagesAtOnce: Int { max(1, Self.rowsAtOnce / area) }

    /// y [images, side, side, outputs].
    package func forward<Scalar>(
        _ pass: Pass<Scalar>, images: Int, _ x: UnsafePointer<Scalar>
    ) -> UnsafeMutablePointer<Scalar> {
        let y = pass.take(images * area * outputs)
        pass.workspace.temporarily {
            let patches = pass.take(imagesAtOnce * area * patch)
            for first in stride(from: 0, to: images, by: imagesAtOnce) {
                let count = min(imagesAtOnce, images - first)
                pass.kernels.patches_forward(count, side, side, inputs, x + first * area * inputs, patches)
                Scalar.multiply(
                    rows: count * area, columns: outputs, inner: patch, patches, transposed: false,
                    pass.parameters + weight, transposed: true, beta: 0, into: y + first * area * outputs)
            }
        }
        return y
    }

    /// The gradient of the weights, and dx unless it is nil.
    package func backward<Scalar>(
        _ pass: Pass<Scalar>, images: Int, _ x: UnsafePointer<Scalar>, dy: UnsafePointer<Scalar>,
        dx: UnsafeMutablePointer<Scalar>?
    ) {
        pass.workspace.temporarily {
            let patches = pass.take(imagesAtOnce * area * patch)
            for first in stride(from: 0, to: images, by: imagesAtOnce) {
                let count = min(imagesAtOnce, images - first)
                let dyHere = dy + first * area * outputs
                pass.kernels.patches_forward(count, side, side, inputs, x + first * area * inputs, patches)
                Scalar.multiply(
                    rows: outputs, columns: patch, inner: count * area, dyHere, transposed: true, patches,
                    transposed: false, beta: first == 0 ? 0 : 1, into: pass.gradient(weight))
                guard let dx else { continue }
                Scalar.multiply(
                    rows: count * area, columns: patch, inner: outputs, dyHere, transposed: false,
                    pass.parameters + weight, transposed: false, beta: 0, into: patches)
                pass.kernels.patches_backward(count, side, side, inputs, patches, dx + first * area * inputs)
            }
        }
    }
}
