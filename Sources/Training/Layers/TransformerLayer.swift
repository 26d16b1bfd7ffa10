/// One layer of an encoder or a decoder: self-attention, in a decoder cross-attention, and feed-forward, each a residual branch.
package struct TransformerLayer: Sendable {
    private let attention: MultiHeadAttention
    private let attentionBranch: ResidualBranch
    private let cross: (attention: MultiHeadAttention, branch: ResidualBranch)?
    private let feedForward: FeedForward
    private let feedForwardBranch: ResidualBranch

    /// A decoder's layer is causal and attends to the encoder.
    package init(
        _ configuration: TransformerConfiguration, decoder: Bool, name: String, site: inout Int, in layout: inout ParameterLayout
    ) {
        let width = configuration.width
        func branch(_ norm: String) -> ResidualBranch {
            ResidualBranch(
                width: width, placement: configuration.normPlacement,
                dropout: Dropout(rate: configuration.dropout, site: &site), name: "\(name).\(norm)", in: &layout)
        }
        func attention(_ kind: MultiHeadAttention.Kind) -> MultiHeadAttention {
            MultiHeadAttention(width: width, heads: configuration.heads, kind: kind, name: name, in: &layout)
        }
        self.attention = attention(.own(causal: decoder))
        attentionBranch = branch("ln1")
        cross = decoder ? (attention(.cross), branch("lnx")) : nil
        feedForward = FeedForward(width: width, feedForward: configuration.feedForward, name: name, in: &layout)
        feedForwardBranch = branch("ln2")
    }

    /// What the backward pass needs.
    package struct State<Scalar> {
        let attention: MultiHeadAttention.State<Scalar>
        let attentionBranch: ResidualBranch.State<Scalar>
        let cross: (attention: MultiHeadAttention.State<Scalar>, branch: ResidualBranch.State<Scalar>)?
        let feedForward: FeedForward.State<Scalar>
        let feedForwardBranch: ResidualBranch.State<Scalar>
        package var output: UnsafeMutablePointer<Scalar> { feedForwardBranch.output }
    }

    /// x [N, d]; the encoder's output and rows for a decoder's layer.
    package func forward<Scalar>(
        _ pass: Pass<Scalar>, _ rows: SentenceRows, _ x: UnsafePointer<Scalar>, memory: UnsafePointer<Scalar>?,
        memoryRows: SentenceRows?
    ) -> State<Scalar> {
        var attentionState: MultiHeadAttention.State<Scalar>!
        let first = attentionBranch.forward(pass, rows: rows.rows, x) { x in
            attentionState = attention.forward(pass, rows, x)
            return attentionState.output
        }
        var output = first.output
        var crossState: (attention: MultiHeadAttention.State<Scalar>, branch: ResidualBranch.State<Scalar>)?
        if let cross {
            var state: MultiHeadAttention.State<Scalar>!
            let branch = cross.branch.forward(pass, rows: rows.rows, output) { x in
                state = cross.attention.forward(pass, rows, x, memory: memory, memoryRows: memoryRows)
                return state.output
            }
            crossState = (state, branch)
            output = branch.output
        }
        var feedForwardState: FeedForward.State<Scalar>!
        let last = feedForwardBranch.forward(pass, rows: rows.rows, output) { x in
            feedForwardState = feedForward.forward(pass, rows: rows.rows, x)
            return feedForwardState.output
        }
        return State(
            attention: attentionState, attentionBranch: first, cross: crossState, feedForward: feedForwardState,
            feedForwardBranch: last)
    }

    /// Turns `d` from dy into dx; the gradient of the encoder's output is added to `dMemory`.
    package func backward<Scalar>(
        _ pass: Pass<Scalar>, _ rows: SentenceRows, memory: UnsafePointer<Scalar>?, memoryRows: SentenceRows?,
        _ state: State<Scalar>, d: UnsafeMutablePointer<Scalar>, dMemory: UnsafeMutablePointer<Scalar>?
    ) {
        feedForwardBranch.backward(pass, rows: rows.rows, state.feedForwardBranch, d: d) { x, dy, dx, accumulate in
            feedForward.backward(pass, rows: rows.rows, x, state.feedForward, dy: dy, dx: dx, accumulate: accumulate)
        }
        if let cross, let crossState = state.cross {
            cross.branch.backward(pass, rows: rows.rows, crossState.branch, d: d) { x, dy, dx, accumulate in
                cross.attention.backward(
                    pass, rows, x, memory: memory, memoryRows: memoryRows, crossState.attention, dy: dy, dx: dx,
                    accumulate: accumulate, dMemory: dMemory)
            }
        }
        attentionBranch.backward(pass, rows: rows.rows, state.attentionBranch, d: d) { x, dy, dx, accumulate in
            attention.backward(pass, rows, x, state.attention, dy: dy, dx: dx, accumulate: accumulate)
        }
    }
}
