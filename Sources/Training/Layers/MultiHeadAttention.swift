import CKernels

/// Scaled dot-product attention in several heads (Vaswani et al. 2017, section 3.2), between two linear layers.
///
/// Self-attention takes query, key and value from one stacked layer [3d, d]; cross-attention takes the query from the
/// decoder's rows and the stacked key and value [2d, d] from the encoder's.
package struct MultiHeadAttention: Sendable {
    package enum Kind: Sendable, Equatable {
        case own(causal: Bool)
        case cross
    }

    package let width: Int
    package let heads: Int
    package let kind: Kind
    /// Stacked query, key and value; or the query alone.
    private let queries: Linear
    /// Stacked key and value of cross-attention.
    private let memory: Linear?
    private let output: Linear

    package init(width: Int, heads: Int, kind: Kind, name: String, in layout: inout ParameterLayout) {
        precondition(heads >= 1 && width % heads == 0, "the heads share the width evenly")
        self.width = width
        self.heads = heads
        self.kind = kind
        switch kind {
        case .own:
            queries = Linear(inputs: width, outputs: 3 * width, name: "\(name).qkv", in: &layout)
            memory = nil
            output = Linear(inputs: width, outputs: width, name: "\(name).o", in: &layout)
        case .cross:
            queries = Linear(
                inputs: width, outputs: width, name: "\(name).xq", initialization: Self.initialization(width), in: &layout)
            memory = Linear(
                inputs: width, outputs: 2 * width, name: "\(name).xkv", initialization: Self.initialization(width), in: &layout)
            output = Linear(inputs: width, outputs: width, name: "\(name).xo", in: &layout)
        }
    }

    /// That of the stacked [3d, d] layer of self-attention, also where its parts stand apart.
    private static func initialization(_ width: Int) -> ParameterInitialization {
        .xavierUniform(inputs: width, outputs: 3 * width)
    }

    /// What the backward pass needs.
    package struct State<Scalar> {
        let projected: UnsafeMutablePointer<Scalar>
        let memoryProjected: UnsafeMutablePointer<Scalar>?
        let probabilities: UnsafeMutablePointer<Scalar>
        let mixed: UnsafeMutablePointer<Scalar>
        package let output: UnsafeMutablePointer<Scalar>
    }

    private func shape(_ rows: SentenceRows, keys: SentenceRows) -> varlab_attention {
        varlab_attention(
            sentences: rows.sentences, heads: heads, head_width: width / heads, query_starts: rows.starts,
            key_starts: keys.starts, query_stride: queries.outputs, key_stride: memory?.outputs ?? queries.outputs,
            output_stride: width, causal: kind == .own(causal: true))
    }

    /// x [N, d]; `memory` is the encoder's output and `memoryRows` its rows, for cross-attention.
    package func forward<Scalar>(
        _ pass: Pass<Scalar>, _ rows: SentenceRows, _ x: UnsafePointer<Scalar>, memory: UnsafePointer<Scalar>? = nil,
        memoryRows: SentenceRows? = nil
    ) -> State<Scalar> {
        let keyRows = memoryRows ?? rows
        let projected = queries.forward(pass, rows: rows.rows, x)
        let memoryProjected = self.memory.map { $0.forward(pass, rows: keyRows.rows, memory!) }
        var shape = shape(rows, keys: keyRows)
        let probabilities = pass.take(varlab_attention_probabilities(&shape))
        let mixed = pass.take(rows.rows * width)
        // Query, key and value side by side; or key and value.
        let keys = memoryProjected ?? projected + width
        pass.workspace.temporarily {
            let scratch = pass.take(varlab_attention_scratch(&shape))
            pass.kernels.attention_forward(&shape, projected, keys, keys + width, probabilities, scratch, mixed)
        }
        let output = output.forward(pass, rows: rows.rows, mixed)
        return State(
            projected: projected, memoryProjected: memoryProjected, probabilities: probabilities, mixed: mixed, output: output)
    }

    /// With `accumulate` the gradient is added to what `dx` holds; that of the memory always is added to `dMemory`.
    package func backward<Scalar>(
        _ pass: Pass<Scalar>, _ rows: SentenceRows, _ x: UnsafePointer<Scalar>, memory: UnsafePointer<Scalar>? = nil,
        memoryRows: SentenceRows? = nil, _ state: State<Scalar>, dy: UnsafePointer<Scalar>, dx: UnsafeMutablePointer<Scalar>,
        accumulate: Bool, dMemory: UnsafeMutablePointer<Scalar>? = nil
    ) {
        let keyRows = memoryRows ?? rows
        var shape = shape(rows, keys: keyRows)
        pass.workspace.temporarily {
            let dMixed = pass.take(rows.rows * width)
            output.backward(pass, rows: rows.rows, state.mixed, dy: dy, dx: dMixed, accumulate: false)
            let dProjected = pass.take(rows.rows * queries.outputs)
            let dMemoryProjected = self.memory.map { pass.take(keyRows.rows * $0.outputs) }
            let keys = state.memoryProjected ?? state.projected + width
            let dKeys = dMemoryProjected ?? dProjected + width
            let scratch = pass.take(varlab_attention_scratch(&shape))
            pass.kernels.attention_backward(
                &shape, state.projected, keys, keys + width, state.probabilities, dMixed, scratch, dProjected, dKeys,
                dKeys + width)
            queries.backward(pass, rows: rows.rows, x, dy: dProjected, dx: dx, accumulate: accumulate)
            if let layer = self.memory, let dMemoryProjected {
                layer.backward(pass, rows: keyRows.rows, memory!, dy: dMemoryProjected, dx: dMemory!, accumulate: true)
            }
        }
    }
}
