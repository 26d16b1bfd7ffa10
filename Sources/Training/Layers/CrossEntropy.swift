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
