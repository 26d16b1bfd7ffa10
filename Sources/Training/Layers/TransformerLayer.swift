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

/// Sentences stored one after the other without their padding: where each begins, and each symbol's place in its own.
///
/// Every layer works on these rows only; a padded position costs nothing and cannot leak into a result.
package struct SentenceRows {
    package let sentences: Int
    /// The number of symbols, N.
    package let rows: Int
    /// [sentences + 1].
    package let starts: UnsafeMutablePointer<Int32>
    /// [N]
    package let symbols: UnsafeMutablePointer<Int32>
    /// [N], from 0 in each sentence.
    package let positions: UnsafeMutablePointer<Int32>
    package let longest: Int

    /// - Precondition: `symbols` is [sentences, length], each symbol is in 0..<vocabulary, and each sentence is at least one
    ///   symbol followed by padding only.
    package init(sentences: Int, length: Int, symbols padded: [Int32], vocabulary: Int, workspace: Workspace) {
        precondition(sentences >= 1 && length >= 1 && padded.count == sentences * length, "a batch is [sentences, length]")
        starts = workspace.take(sentences + 1, of: Int32.self)
        symbols = workspace.take(padded.count, of: Int32.self)
        positions = workspace.take(padded.count, of: Int32.self)
        var rows = 0
        var longest = 0
        for sentence in 0..<sentences {
            starts[sentence] = Int32(rows)
            var end = 0
            for position in 0..<length {
                let symbol = padded[sentence * length + position]
                if symbol == SequenceBatch.padding { continue }
                precondition(position == end, "padding inside a sentence")
                precondition(symbol >= 0 && symbol < vocabulary, "a symbol outside the vocabulary")
                symbols[rows] = symbol
                positions[rows] = Int32(position)
                rows += 1
                end += 1
            }
            precondition(end > 0, "an empty sentence")
            longest = max(longest, end)
        }
        starts[sentences] = Int32(rows)
        self.sentences = sentences
        self.rows = rows
        self.longest = longest
    }
}
