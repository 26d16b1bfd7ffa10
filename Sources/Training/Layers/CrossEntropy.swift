import CKernels

/// Label-smoothed cross-entropy of softmax(logits), the mean over the rows of
/// (1-s) (-ln p(target)) + s · mean over the classes of -ln p (Szegedy et al. 2016; PyTorch's `label_smoothing`).
package struct CrossEntropy: Sendable {
    /// s, in [0, 1).
    package let smoothing: Double

    package init(smoothing: Double) {
        self.smoothing = smoothing
    }

    /// With gradients in the pass the logits [`rows`, `classes`] become the gradient; without, right predictions are counted
    /// in `predictions` [rows].
    package func loss<Scalar>(
        _ pass: Pass<Scalar>, rows: Int, classes: Int, targets: UnsafePointer<Int32>, logits: UnsafeMutablePointer<Scalar>,
        predictions: UnsafeMutablePointer<Int32>? = nil
    ) -> BatchLoss {
        // On the stack: the kernel adds to them.
        var sums = (0.0, 0.0)
        withUnsafeMutableBytes(of: &sums) { bytes in
            pass.kernels.cross_entropy(
                rows, classes, targets, smoothing, 1 / Double(rows), pass.gradients != nil, logits, predictions,
                bytes.assumingMemoryBound(to: Double.self).baseAddress!)
        }
        let correct = predictions.map { predictions in (0..<rows).count { predictions[$0] == targets[$0] } }
        return BatchLoss(
            objective: sums.0 / Double(rows), negativeLogLikelihood: sums.1 / Double(rows), count: rows, correct: correct)
    }
}

/// The rows whose symbol is predicted: those with a target that is not padding.
package struct PredictedRows {
    package let count: Int
    /// [count]
    package let targets: UnsafeMutablePointer<Int32>
    /// [count], ascending.
    private let rows: UnsafeMutablePointer<Int32>
    /// Of the whole batch.
    private let total: Int

    /// - Precondition: `targets` is [sentences, length], with padding wherever the sentence has ended, and at least one symbol.
    package init(_ sentences: SentenceRows, length: Int, targets padded: [Int32], vocabulary: Int, workspace: Workspace) {
        precondition(
            padded.count == sentences.sentences * length && sentences.longest <= length, "targets are [sentences, length]")
        targets = workspace.take(sentences.rows, of: Int32.self)
        rows = workspace.take(sentences.rows, of: Int32.self)
        total = sentences.rows
        var count = 0
        for sentence in 0..<sentences.sentences {
            let start = Int(sentences.starts[sentence])
            let end = Int(sentences.starts[sentence + 1]) - start
            for position in 0..<length {
                let symbol = padded[sentence * length + position]
                if symbol == SequenceBatch.padding { continue }
                precondition(position < end, "a target behind the end of its sentence")
                precondition(symbol >= 0 && symbol < vocabulary, "a target outside the vocabulary")
                targets[count] = symbol
                rows[count] = Int32(start + position)
                count += 1
            }
        }
        precondition(count > 0, "a batch without a target")
        self.count = count
    }

    /// Their rows of x [total, `width`].
    package func select<Scalar>(
        _ pass: Pass<Scalar>, _ x: UnsafeMutablePointer<Scalar>, width: Int
    ) -> UnsafeMutablePointer<Scalar> {
        if count == total { return x }
        let y = pass.take(count * width)
        pass.kernels.gather(count, width, rows, x, y)
        return y
    }

    /// The gradient of x [total, `width`] from that of the selected rows, which `fill` writes; the other rows are zero.
    package func scatter<Scalar>(
        _ pass: Pass<Scalar>, width: Int, into d: UnsafeMutablePointer<Scalar>, fill: (UnsafeMutablePointer<Scalar>) -> Void
    ) {
        if count == total { return fill(d) }
        pass.workspace.temporarily {
            let selected = pass.take(count * width)
            fill(selected)
            pass.kernels.scatter(count, total, width, rows, selected, d)
        }
    }
}
