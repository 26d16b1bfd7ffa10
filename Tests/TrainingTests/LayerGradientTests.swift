import CKernels
import Simulation
import Testing
import Training

/// Every layer's backward pass against central differences of its forward pass, in double; see ``GradientCheck``.
struct LayerGradientTests {
    @Test(arguments: [false, true]) func linear(rectified: Bool) {
        var check = GradientCheck()
        let layer = Linear(inputs: 5, outputs: 11, name: "linear", in: &check.layout)
        var saved: (x: UnsafeMutablePointer<Double>, y: UnsafeMutablePointer<Double>)!
        check(inputs: 15, outputs: 33) { pass, x in
            saved = (x, layer.forward(pass, rows: 3, x, rectified: rectified))
            return saved.y
        } backward: { pass, dy in
            if rectified { pass.kernels.rectify_backward(33, saved.y, dy) }
            let dx = pass.take(15)
            layer.backward(pass, rows: 3, saved.x, dy: dy, dx: dx, accumulate: false)
            return dx
        }
    }

    @Test(arguments: [1, 5, 8, 19]) func layerNorm(width: Int) {
        var check = GradientCheck()
        let layer = LayerNorm(width: width, name: "norm", in: &check.layout)
        var state: LayerNorm.State<Double>!
        check(inputs: 4 * width, outputs: 4 * width) { pass, x in
            state = layer.forward(pass, rows: 4, x)
            return state.output
        } backward: { pass, dy in
            layer.backward(pass, rows: 4, state, dy: dy, dx: dy, accumulate: false)
            return dy
        }
    }

    /// Sentences of these lengths, with symbols that are not used.
    private func rows(_ lengths: [Int], _ workspace: Workspace) -> SentenceRows {
        let longest = lengths.max()!
        let symbols = lengths.flatMap { length in (0..<longest).map { Int32($0 < length ? 1 : 0) } }
        return SentenceRows(sentences: lengths.count, length: longest, symbols: symbols, vocabulary: 2, workspace: workspace)
    }

    @Test(arguments: [false, true], [3, 8, 12]) func selfAttention(causal: Bool, headWidth: Int) {
        var check = GradientCheck()
        let width = 2 * headWidth
        let lengths = [3, 1, 9]
        let layer = MultiHeadAttention(width: width, heads: 2, kind: .own(causal: causal), name: "a", in: &check.layout)
        let workspace = check.workspace
        var saved: (rows: SentenceRows, x: UnsafeMutablePointer<Double>, state: MultiHeadAttention.State<Double>)!
        check(inputs: 13 * width, outputs: 13 * width) { pass, x in
            let rows = rows(lengths, workspace)
            saved = (rows, x, layer.forward(pass, rows, x))
            return saved.state.output
        } backward: { pass, dy in
            let dx = pass.take(13 * width)
            layer.backward(pass, saved.rows, saved.x, saved.state, dy: dy, dx: dx, accumulate: false)
            return dx
        }
    }

    /// The input is the decoder's rows followed by the encoder's.
    @Test func crossAttention() {
        var check = GradientCheck()
        let layer = MultiHeadAttention(width: 6, heads: 3, kind: .cross, name: "a", in: &check.layout)
        let workspace = check.workspace
        var saved:
            (rows: SentenceRows, memory: SentenceRows, x: UnsafeMutablePointer<Double>, state: MultiHeadAttention.State<Double>)!
        check(inputs: 18 * 6, outputs: 7 * 6) { pass, x in
            let own = rows([5, 2], workspace)
            let memory = rows([1, 10], workspace)
            saved = (own, memory, x, layer.forward(pass, own, x, memory: x + 42, memoryRows: memory))
            return saved.state.output
        } backward: { pass, dy in
            let dx = pass.take(18 * 6)
            dx.update(repeating: 0, count: 18 * 6)
            layer.backward(
                pass, saved.rows, saved.x, memory: saved.x + 42, memoryRows: saved.memory, saved.state, dy: dy, dx: dx,
                accumulate: true, dMemory: dx + 42)
            return dx
        }
    }

    @Test func feedForward() {
        var check = GradientCheck()
        let layer = FeedForward(width: 5, feedForward: 9, name: "f", in: &check.layout)
        var saved: (x: UnsafeMutablePointer<Double>, state: FeedForward.State<Double>)!
        check(inputs: 20, outputs: 20) { pass, x in
            saved = (x, layer.forward(pass, rows: 4, x))
            return saved.state.output
        } backward: { pass, dy in
            let dx = pass.take(20)
            layer.backward(pass, rows: 4, saved.x, saved.state, dy: dy, dx: dx, accumulate: false)
            return dx
        }
    }

    /// Dropout's masks are those of the key: the loss is a smooth function.
    @Test(arguments: NormPlacement.allCases, [0, 0.4]) func residualBranch(placement: NormPlacement, rate: Double) {
        var check = GradientCheck()
        var site = 0
        let layer = Linear(inputs: 9, outputs: 9, name: "f", in: &check.layout)
        let branch = ResidualBranch(
            width: 9, placement: placement, dropout: Dropout(rate: rate, site: &site), name: "ln", in: &check.layout)
        var state: ResidualBranch.State<Double>!
        check(inputs: 36, outputs: 36) { pass, x in
            state = branch.forward(pass, rows: 4, x) { layer.forward(pass, rows: 4, $0) }
            return state.output
        } backward: { pass, dy in
            branch.backward(pass, rows: 4, state, d: dy) { x, dy, dx, accumulate in
                layer.backward(pass, rows: 4, x, dy: dy, dx: dx, accumulate: accumulate)
            }
            return dy
        }
    }

    /// Both uses of the one table: it embeds three symbols, and their rows score all symbols.
    @Test func embeddingAndTiedOutput() {
        var check = GradientCheck()
        let table = Embedding(vocabulary: 7, width: 5, name: "e", in: &check.layout)
        let positions = SinusoidalPositions.table(count: 4, width: 5, as: Double.self)
        let workspace = check.workspace
        var saved: (rows: SentenceRows, x: UnsafeMutablePointer<Double>)!
        check(inputs: 0, outputs: 21) { pass, _ in
            let rows = SentenceRows(sentences: 2, length: 2, symbols: [4, 6, 4, 0], vocabulary: 7, workspace: workspace)
            saved = (rows, table.forward(pass, rows, positions: positions))
            return table.logits(pass, rows: 3, saved.x)
        } backward: { pass, dy in
            let dx = pass.take(15)
            table.logitsBackward(pass, rows: 3, saved.x, dLogits: dy, dx: dx)
            table.backward(pass, saved.rows, dy: dx)
            return dx
        }
    }

    /// A loss already: its one output is the objective, and the logits become the gradient.
    @Test(arguments: [0, 0.1], [3, 8, 21]) func crossEntropy(smoothing: Double, classes: Int) {
        let rows = 5
        let check = GradientCheck()
        let layer = CrossEntropy(smoothing: smoothing)
        let targets = (0..<rows).map { Int32(($0 * 7) % classes) }
        var logits: UnsafeMutablePointer<Double>!
        check(inputs: rows * classes, outputs: 1) { pass, x in
            logits = pass.take(rows * classes)
            logits.update(from: x, count: rows * classes)
            let y = pass.take(1)
            y.pointee = layer.loss(pass, rows: rows, classes: classes, targets: targets, logits: logits).objective
            return y
        } backward: { _, dy in
            for i in 0..<rows * classes { logits[i] *= dy.pointee }
            return logits
        }
    }

    @Test(arguments: [1, 3]) func convolution(channels: Int) {
        var check = GradientCheck()
        // More images than are laid out at once.
        let layer = Convolution(side: 16, inputs: channels, outputs: 2, name: "c", in: &check.layout)
        var saved: UnsafeMutablePointer<Double>!
        check(inputs: 3 * 256 * channels, outputs: 3 * 512) { pass, x in
            saved = x
            return layer.forward(pass, images: 3, x)
        } backward: { pass, dy in
            let dx = pass.take(3 * 256 * channels)
            layer.backward(pass, images: 3, saved, dy: dy, dx: dx)
            return dx
        }
    }

    @Test func batchNorm() {
        var check = GradientCheck()
        var index = 0
        let layer = BatchNorm(channels: 3, name: "n", index: &index, in: &check.layout)
        var running = BatchNormMoments(layers: index, channels: 3)
        var state: BatchNorm.State<Double>!
        check(inputs: 24, outputs: 24, training: true) { pass, x in
            let y = pass.take(24)
            y.update(from: x, count: 24)
            state = layer.forward(pass, rows: 8, y, rectified: false, running: &running)
            return y
        } backward: { pass, dy in
            layer.backward(pass, rows: 8, state, d: dy)
            return dy
        }
    }

    @Test func residualBlock() {
        var check = GradientCheck()
        var index = 0
        let layer = ResidualBlock(side: 3, channels: 2, name: "b", index: &index, in: &check.layout)
        var running = BatchNormMoments(layers: index, channels: 2)
        var state: ResidualBlock.State<Double>!
        check(inputs: 54, outputs: 54, training: true) { pass, x in
            state = layer.forward(pass, images: 3, x, running: &running)
            return state.output
        } backward: { pass, dy in
            layer.backward(pass, images: 3, state, d: dy)
            return dy
        }
    }
}
