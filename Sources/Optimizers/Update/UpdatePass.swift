import CKernels
import Dispatch

/// One step on the buffers, divided among threads.
struct UpdatePass<Scalar: OptimizerScalar>: @unchecked Sendable {
    var update: varlab_update
    // The threads touch ranges that do not overlap, which the compiler cannot see.
    let parameters: UnsafeMutablePointer<Scalar>
    let gradients: UnsafePointer<Scalar>
    let momentum, secondMoment, gradientAverage: UnsafeMutablePointer<Scalar>?
    let variant: varlab_variant

    /// A thread takes at least so many values: below, waking it costs more than it saves.
    private static var smallestShare: Int { 1 << 15 }

    func run(count: Int, threads: Int) {
        let shares = max(1, min(threads, count / Self.smallestShare))
        if shares == 1 { return run(0..<count) }
        // Whole cache lines to each.
        let length = ((count + shares - 1) / shares + 63) & ~63
        DispatchQueue.concurrentPerform(iterations: shares) { index in
            run(min(count, index * length)..<min(count, (index + 1) * length))
        }
    }

    private func run(_ range: Range<Int>) {
        var update = update
        let start = range.lowerBound
        Scalar.update(
            &update, count: range.count, parameters: parameters + start, gradients: gradients + start,
            momentum: momentum.map { $0 + start }, secondMoment: secondMoment.map { $0 + start },
            gradientAverage: gradientAverage.map { $0 + start }, variant: variant)
    }
}
