/// The encoder or the decoder: embedding with dropout, the layers, and for pre-LN a last layer normalisation.
package struct TransformerStack: Sendable {
    private let embedding: Embedding
    private let embeddingDropout: Dropout
    private let layers: [TransformerLayer]
    private let lastNorm: LayerNorm?

    package init(
        _ configuration: TransformerConfiguration, embedding: Embedding, decoder: Bool, site: inout Int,
        in layout: inout ParameterLayout
    ) {
        let name = decoder ? "dec" : "enc"
        self.embedding = embedding
        embeddingDropout = Dropout(rate: configuration.dropout, site: &site)
        var layers: [TransformerLayer] = []
        for index in 0..<configuration.layers {
            layers.append(TransformerLayer(configuration, decoder: decoder, name: "\(name).\(index)", site: &site, in: &layout))
        }
        self.layers = layers
        lastNorm =
            configuration.normPlacement == .pre
            ? LayerNorm(width: configuration.width, name: "\(name).ln", in: &layout) : nil
    }

    /// What the backward pass needs; made once for a model, so that no pass allocates it.
    package struct State<Scalar> {
        fileprivate var mask: UnsafeMutablePointer<UInt8>?
        fileprivate var layers: [TransformerLayer.State<Scalar>?]
        fileprivate var lastNorm: LayerNorm.State<Scalar>?

        package init(layers: Int) {
            self.layers = Array(repeating: nil, count: layers)
        }
    }

    /// The output [N, d].
    package func forward<Scalar>(
        _ pass: Pass<Scalar>, _ rows: SentenceRows, positions: UnsafePointer<Scalar>, memory: UnsafePointer<Scalar>? = nil,
        memoryRows: SentenceRows? = nil, _ state: inout State<Scalar>
    ) -> UnsafeMutablePointer<Scalar> {
        var x = embedding.forward(pass, rows, positions: positions)
        state.mask = embeddingDropout.forward(pass, count: rows.rows * embedding.width, x)
        for index in layers.indices {
            let layer = layers[index].forward(pass, rows, x, memory: memory, memoryRows: memoryRows)
            x = layer.output
            state.layers[index] = layer
        }
        guard let lastNorm else { return x }
        let norm = lastNorm.forward(pass, rows: rows.rows, x)
        state.lastNorm = norm
        return norm.output
    }

    /// Turns `d` from the output's gradient into that of the embedded symbols, and adds the embedding's gradient.
    package func backward<Scalar>(
        _ pass: Pass<Scalar>, _ rows: SentenceRows, memory: UnsafePointer<Scalar>? = nil, memoryRows: SentenceRows? = nil,
        _ state: State<Scalar>, d: UnsafeMutablePointer<Scalar>, dMemory: UnsafeMutablePointer<Scalar>? = nil
    ) {
        if let lastNorm {
            lastNorm.backward(pass, rows: rows.rows, state.lastNorm!, dy: d, dx: d, accumulate: false)
        }
        for index in layers.indices.reversed() {
            layers[index].backward(
                pass, rows, memory: memory, memoryRows: memoryRows, state.layers[index]!, d: d, dMemory: dMemory)
        }
        _ = embeddingDropout.backward(pass, count: rows.rows * embedding.width, mask: state.mask, dy: d) { d }
        embedding.backward(pass, rows, dy: d)
    }
}
