import CKernels

/// 3×3 or 1×1 convolution of images [channels, height, width] with zeros around them and no bias, of stride 1 or 2; weights
/// [outputs, inputs, size, size], as PyTorch has them.
///
/// It works on eight images at a time, one in each lane; see `network_convolution.h`.
package struct PlaneConvolution: Sendable {
    package let input: ImagePlanes
    package let output: ImagePlanes
    private let size: Int
    private let weight: Int
    private let forwardShape: varlab_convolution
    private let forwardPlaces: [Int32]
    private let backwardParts: [BackwardPart]

    /// The pixels of the input whose row and column leave the same rest when divided by the stride: they get their gradient through
    /// the same taps.
    private struct BackwardPart: Sendable {
        let shape: varlab_convolution
        /// The tap's place among the weights of one output and one input.
        let places: [Int32]
        /// Where the part's first pixel is, in numbers.
        let start: Int
        /// Where the part's weights begin among the packed ones.
        let packed: Int
    }

    /// He-normal weights.
    package init(
        _ input: ImagePlanes, outputs: Int, size: Int, stride: Int, name: String, in layout: inout ParameterLayout
    ) {
        precondition((size == 1 || size == 3) && (stride == 1 || stride == 2))
        self.input = input
        self.size = size
        let taps = size * size
        output = ImagePlanes(
            channels: outputs, height: (input.height + stride - 1) / stride, width: (input.width + stride - 1) / stride)
        weight = layout.add("\(name).w", [outputs, input.channels, size, size], .heNormal(inputs: taps * input.channels))
        let (x, y) = (input.framed, output.plain)
        let reach = size / 2
        forwardShape = varlab_convolution(
            outputs: outputs, inputs: input.channels, height: output.height, width: output.width,
            taps: (0..<taps).map { ($0 / size - reach) * x.row + $0 % size - reach },
            input: (row: stride * x.row, column: stride, plane: x.plane), output: (row: y.row, column: 1, plane: y.plane))
        forwardPlaces = (0..<taps).map(Int32.init)

        // Pixel u of the input is under tap i of output pixel y where u = stride y + i - reach.
        let (dy, dx) = (output.framed, input.plain)
        var parts: [BackwardPart] = []
        var packed = 0
        for row in 0..<min(stride, input.height) {
            for column in 0..<min(stride, input.width) {
                let rows = (0..<size).filter { (row + reach - $0) % stride == 0 }
                let columns = (0..<size).filter { (column + reach - $0) % stride == 0 }
                let shape = varlab_convolution(
                    outputs: input.channels, inputs: outputs, height: (input.height - row + stride - 1) / stride,
                    width: (input.width - column + stride - 1) / stride,
                    taps: rows.flatMap { i in columns.map { (row + reach - i) / stride * dy.row + (column + reach - $0) / stride } },
                    input: (row: dy.row, column: 1, plane: dy.plane),
                    output: (row: stride * dx.row, column: stride, plane: dx.plane))
                parts.append(
                    BackwardPart(
                        shape: shape, places: rows.flatMap { i in columns.map { Int32(i * size + $0) } },
                        start: (row * dx.row + column) * ImageGroups.lanes, packed: packed))
                packed += shape.packedCount
            }
        }
        backwardParts = parts
    }

    private var weights: Int { output.channels * input.channels * size * size }

    /// The weights as ``forward(_:packed:_:into:)`` reads them.
    package func packed<Scalar>(_ pass: Pass<Scalar>) -> UnsafePointer<Scalar> {
        var shape = forwardShape
        let result = pass.take(shape.packedCount)
        pass.kernels.convolve_pack(&shape, forwardPlaces, input.channels * shape.taps, shape.taps, pass.parameters + weight, result)
        return UnsafePointer(result)
    }

    /// The weights as ``backward(_:packed:dy:into:adding:)`` reads them.
    package func packedBackward<Scalar>(_ pass: Pass<Scalar>) -> UnsafePointer<Scalar> {
        let last = backwardParts[backwardParts.count - 1]
        let result = pass.take(last.packed + last.shape.packedCount)
        for part in backwardParts where part.shape.taps > 0 {
            var shape = part.shape
            pass.kernels.convolve_pack(
                &shape, part.places, size * size, input.channels * size * size, pass.parameters + weight, result + part.packed)
        }
        return UnsafePointer(result)
    }

    /// One group: y without a frame from x with one.
    package func forward<Scalar>(
        _ pass: Pass<Scalar>, packed: UnsafePointer<Scalar>, _ x: UnsafePointer<Scalar>, into y: UnsafeMutablePointer<Scalar>
    ) {
        var shape = forwardShape
        pass.kernels.convolve(&shape, x, packed, y)
    }

    /// One group: dx without a frame from dy with one; with `adding` it is added to what is there.
    package func backward<Scalar>(
        _ pass: Pass<Scalar>, packed: UnsafePointer<Scalar>, dy: UnsafePointer<Scalar>, into dx: UnsafeMutablePointer<Scalar>,
        adding: Bool
    ) {
        // Without a tap there is no gradient: a sum of nothing.
        for part in backwardParts where part.shape.taps > 0 || !adding {
            var shape = part.shape
            shape.add = adding
            pass.kernels.convolve(&shape, dy, packed + part.packed, dx + part.start)
        }
    }

    /// Memory for the sums of ``weightGradient(_:groups:x:dy:into:adding:)``.
    package func weightSums<Scalar>(_ pass: Pass<Scalar>) -> UnsafeMutablePointer<Scalar> { pass.take(weights * ImageGroups.lanes) }

    /// What `groups` groups say about the weights, with `adding` beside what others have said; x and dy have frames.
    package func weightGradient<Scalar>(
        _ pass: Pass<Scalar>, groups: Int, x: UnsafePointer<Scalar>, dy: UnsafePointer<Scalar>,
        into sums: UnsafeMutablePointer<Scalar>, adding: Bool
    ) {
        var shape = forwardShape
        shape.add = adding
        let framed = output.framed
        (shape.output_row, shape.output_plane) = (framed.row, framed.plane)
        pass.kernels.convolve_weights(&shape, groups, x, input.framedCount, dy, output.framedCount, sums)
    }

    /// Writes the weights' gradient.
    package func finishWeightGradient<Scalar>(_ pass: Pass<Scalar>, sums: UnsafePointer<Scalar>) {
        pass.kernels.lane_sums(weights, sums, pass.gradient(weight))
    }
}

extension varlab_convolution {
    fileprivate init(
        outputs: Int, inputs: Int, height: Int, width: Int, taps: [Int], input: (row: Int, column: Int, plane: Int),
        output: (row: Int, column: Int, plane: Int)
    ) {
        self.init()
        (self.outputs, self.inputs, self.height, self.width, self.taps) = (outputs, inputs, height, width, taps.count)
        withUnsafeMutableBytes(of: &tap) { $0.copyBytes(from: taps.withUnsafeBytes { Array($0) }) }
        (input_row, input_column, input_plane) = (input.row, input.column, input.plane)
        (output_row, output_column, output_plane) = (output.row, output.column, output.plane)
    }

    /// How many numbers its packed weights are: the outputs in blocks of four.
    fileprivate var packedCount: Int { (outputs + 3) / 4 * 4 * inputs * taps }
}
