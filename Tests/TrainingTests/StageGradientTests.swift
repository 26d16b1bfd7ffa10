import Testing
import Training

/// The backward passes of what works on eight images at a time against central differences; see ``GradientCheck``.
struct StageGradientTests {
    /// Framed images from numbers in the order of ``PlainImages``, the lanes of missing images zero.
    private func framed(
        _ pass: Pass<Double>, _ planes: ImagePlanes, _ groups: ImageGroups, _ x: UnsafePointer<Double>
    ) -> FramedImages<Double> {
        let images = FramedImages(pass, planes, groups: groups.count)
        var x = x
        for group in 0..<groups.count {
            for channel in 0..<planes.channels {
                for row in 0..<planes.height {
                    let to = images[group] + (channel * (planes.height + 2) + row) * (planes.width + 2) * ImageGroups.lanes
                    for number in 0..<planes.width * ImageGroups.lanes {
                        to[number] = number % ImageGroups.lanes < groups.present(group) ? x[number] : 0
                    }
                    x += planes.width * ImageGroups.lanes
                }
            }
        }
        return images
    }

    /// The numbers of plain images.
    private func copy(_ pass: Pass<Double>, _ images: PlainImages<Double>, groups: Int) -> UnsafeMutablePointer<Double> {
        let copy = pass.take(groups * images.planes.count)
        copy.update(from: images[0], count: groups * images.planes.count)
        return copy
    }

    /// The weights of the loss with those of missing images zero.
    private func upstream(
        _ pass: Pass<Double>, _ planes: ImagePlanes, _ groups: ImageGroups, _ dy: UnsafePointer<Double>
    ) -> PlainImages<Double> {
        let images = PlainImages(pass, planes, groups: groups.count)
        for group in 0..<groups.count {
            for number in 0..<planes.count {
                images[group][number] =
                    number % ImageGroups.lanes < groups.present(group) ? dy[group * planes.count + number] : 0
            }
        }
        return images
    }

    /// Sizes, strides, sides odd and even, a side of one, channels that fill no block of four.
    @Test(arguments: [
        (3, 1, 5, 4), (3, 2, 5, 4), (3, 2, 4, 7), (1, 2, 5, 4), (1, 1, 2, 3), (3, 2, 1, 1), (3, 1, 1, 2), (1, 2, 1, 6),
    ])
    func convolution(size: Int, stride: Int, height: Int, width: Int) {
        var check = GradientCheck()
        let input = ImagePlanes(channels: 3, height: height, width: width)
        let layer = PlaneConvolution(input, outputs: 5, size: size, stride: stride, name: "c", in: &check.layout)
        let (output, groups) = (layer.output, ImageGroups(images: 16))
        #expect(output == ImagePlanes(channels: 5, height: (height + stride - 1) / stride, width: (width + stride - 1) / stride))
        var saved: FramedImages<Double>!
        check(inputs: 2 * input.count, outputs: 2 * output.count) { pass, x in
            saved = framed(pass, input, groups, x)
            let y = PlainImages(pass, output, groups: 2)
            let packed = layer.packed(pass)
            for group in 0..<2 { layer.forward(pass, packed: packed, saved[group], into: y[group]) }
            return y[0]
        } backward: { pass, dy in
            let d = framed(pass, output, groups, dy)
            let dx = PlainImages(pass, input, groups: 2)
            let packed = layer.packedBackward(pass)
            let sums = layer.weightSums(pass)
            for group in 0..<2 {
                layer.weightGradient(pass, groups: 1, x: saved[group], dy: d[group], into: sums, adding: group > 0)
            }
            layer.finishWeightGradient(pass, sums: sums)
            for group in 0..<2 { layer.backward(pass, packed: packed, dy: d[group], into: dx[group], adding: false) }
            // Added, it is the same again.
            let added = PlainImages(pass, input, groups: 2)
            for number in 0..<2 * input.count { added[0][number] = 1 }
            for group in 0..<2 { layer.backward(pass, packed: packed, dy: d[group], into: added[group], adding: true) }
            for number in 0..<2 * input.count { #expect(abs(added[0][number] - 1 - dx[0][number]) < 1e-14) }
            return dx[0]
        }
    }

    /// A full group and one that lacks images.
    @Test func unit() {
        var check = GradientCheck()
        var index = 0
        let input = ImagePlanes(channels: 2, height: 3, width: 2)
        let layer = ConvolutionUnit(
            input, outputs: 3, size: 3, stride: 1, names: ("c", "n"), index: &index, in: &check.layout)
        let (planes, groups) = (layer.output, ImageGroups(images: 11))
        var running = BatchNormMoments(channels: [3])
        var saved: (x: FramedImages<Double>, state: ConvolutionUnit.State<Double>, y: FramedImages<Double>)!
        check(inputs: 2 * input.count, outputs: 2 * planes.count, training: true) { pass, x in
            let images = framed(pass, input, groups, x)
            let state = layer.forward(pass, groups, running: &running) { UnsafePointer(images[$0]) }
            let y = FramedImages(pass, planes, groups: 2)
            for group in 0..<2 { layer.rectified(pass, groups, group, state, into: y[group]) }
            saved = (images, state, y)
            return copy(pass, plain(pass, y, planes), groups: 2)
        } backward: { pass, dy in
            let d = upstream(pass, planes, groups, dy)
            for group in 0..<2 {
                layer.rectifyBackward(pass, y: saved.y[group], d: d[group])
                layer.addNormGradient(pass, group, saved.state, d: d[group])
            }
            layer.finishNorm(pass, groups, saved.state)
            let dz = FramedImages(pass, planes, groups: 2)
            let dx = PlainImages(pass, input, groups: 2)
            let packed = layer.convolution.packedBackward(pass)
            let sums = layer.convolution.weightSums(pass)
            for group in 0..<2 {
                layer.normBackward(pass, groups, group, saved.state, d: d[group], into: dz[group])
                layer.convolution.backward(pass, packed: packed, dy: dz[group], into: dx[group], adding: false)
            }
            layer.convolution.weightGradient(pass, groups: 2, x: saved.x[0], dy: dz[0], into: sums, adding: false)
            layer.convolution.finishWeightGradient(pass, sums: sums)
            return dx[0]
        }
    }

    @Test(arguments: ResidualShortcut.allCases, [(1, 3), (2, 5), (2, 3), (1, 5)])
    func block(shortcut: ResidualShortcut, shape: (stride: Int, outputs: Int)) {
        var check = GradientCheck()
        var index = 0
        let input = ImagePlanes(channels: 3, height: 3, width: 4)
        let layer = StageBlock(
            input, outputs: shape.outputs, stride: shape.stride, shortcut: shortcut, name: "b", index: &index, in: &check.layout)
        let changes = shape != (1, 3)
        #expect(index == (changes && shortcut == .projection ? 3 : 2))
        let (planes, groups) = (layer.output, ImageGroups(images: 11))
        var running = BatchNormMoments(channels: Array(repeating: shape.outputs, count: index))
        var state: StageBlock.State<Double>!
        check(inputs: 2 * input.count, outputs: 2 * planes.count, training: true) { pass, x in
            state = layer.forward(pass, groups, framed(pass, input, groups, x), running: &running)
            return copy(pass, plain(pass, state.output, planes), groups: 2)
        } backward: { pass, dy in
            layer.backward(pass, groups, state, d: upstream(pass, planes, groups, dy))[0]
        }
    }

    private func plain(_ pass: Pass<Double>, _ images: FramedImages<Double>, _ planes: ImagePlanes) -> PlainImages<Double> {
        let result = PlainImages(pass, planes, groups: 2)
        let length = planes.width * ImageGroups.lanes
        for group in 0..<2 {
            for channel in 0..<planes.channels {
                for row in 0..<planes.height {
                    let from = images[group] + (channel * (planes.height + 2) + row) * (planes.width + 2) * ImageGroups.lanes
                    (result[group] + (channel * planes.height + row) * length).update(from: from, count: length)
                }
            }
        }
        return result
    }
}
