import CKernels
import Concurrency
import Synchronization

/// All that is kept of a tensor's updates.
package struct TensorUpdates: Sendable {
    package fileprivate(set) var sums = UpdateSums()
    package let bins: UpdateBins
    /// Of |u| and of |m̂|/√v̂ at ``probabilities``; nil where there are none, or sizes beyond 2^12.
    package let quantiles, quantilesWithoutEpsilon: [Double?]

    package static let probabilities = [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999]

    fileprivate init(_ counts: UpdateCounts) {
        bins = counts.inBins()
        quantiles = counts.quantilesOfSize(Self.probabilities, withoutEpsilon: false)
        quantilesWithoutEpsilon = counts.quantilesOfSize(Self.probabilities, withoutEpsilon: true)
    }
}

/// The one reading of an optimizer's state: pieces that stay in the processor's cache, on several threads.
///
/// Sums are those of pieces, added up in their order, and counts are whole numbers: the result does not depend on the threads. In memory are the
/// pieces, and the counts of tensors that are at work.
package struct MomentPass: Sendable {
    package let tensors: [TensorUpdates]
    /// Of all tensors together.
    package let all: TensorUpdates

    /// Coordinates that a thread takes at a time.
    private static let share = 1 << 19
    /// Coordinates that are read at once: 256 KB.
    private static let piece = 1 << 14

    private enum Work: Sendable {
        case other(@Sendable () throws -> Void)
        case share(tensor: Int, range: Range<Int>)
    }

    /// - Parameters:
    ///   - others: further work, which is begun first: what else is to be done with the files meanwhile.
    ///   - variant: of the kernel; all give the same.
    /// - Throws: what reading throws, the first error in the order of the tensors.
    package init(
        _ tensors: [MomentTensor], others: [@Sendable () throws -> Void] = [], threads: Int, progress: ProgressCounter,
        variant: varlab_variant = varlab_best_variant()
    ) throws {
        var work = others.map(Work.other)
        for (index, tensor) in tensors.enumerated() {
            for start in stride(from: 0, to: tensor.count, by: Self.share) {
                work.append(.share(tensor: index, range: start..<min(start + Self.share, tensor.count)))
            }
        }
        let gathered = Gathered(tensors)
        let sums = try concurrentMap(work, threads: threads) { work -> (tensor: Int, sums: UpdateSums)? in
            switch work {
            case .other(let body):
                try body()
                return nil
            case .share(let index, let range):
                let sums = try Self.read(tensors[index], range, variant) { gathered.add($0, moves: $1, count: range.count, tensor: index) }
                progress.add(range.count)
                return (index, sums)
            }
        }
        var (finished, all) = gathered.take()
        for part in sums {
            guard let part else { continue }
            finished[part.tensor].sums.merge(part.sums)
            all.sums.merge(part.sums)
        }
        self.tensors = finished
        self.all = all
    }

    private static func read(
        _ tensor: MomentTensor, _ range: Range<Int>, _ variant: varlab_variant, _ counted: ([UInt32], [Int32]) -> Void
    ) throws -> UpdateSums {
        let values = UnsafeMutableBufferPointer<Double>.allocate(capacity: 2 * piece)
        defer { values.deallocate() }
        var scales = tensor.scales.kernelScales
        var counts = [UInt32](repeating: 0, count: 2 * UpdateCounts.sizes)
        var moves = [Int32](repeating: 0, count: 2 * UpdateCounts.sizes)
        var sums = varlab_checkpoint_sums()
        for start in stride(from: range.lowerBound, to: range.upperBound, by: piece) {
            let part = start..<min(start + piece, range.upperBound)
            let first = UnsafeMutableBufferPointer(rebasing: values[..<part.count])
            let second = UnsafeMutableBufferPointer(rebasing: values[piece..<piece + part.count])
            try tensor.read(part, first, second)
            varlab_checkpoint(variant, &scales, first.baseAddress!, second.baseAddress!, part.count, &counts, &moves, &sums)
        }
        counted(counts, moves)
        return UpdateSums(sums)
    }
}

/// The counts of tensors at work, by threads in turn.
private final class Gathered: Sendable {
    private struct State {
        var missing: [Int]
        var counts: [Int: UpdateCounts] = [:]
        var finished: [TensorUpdates?]
        var all = UpdateCounts()
    }

    private let state: Mutex<State>

    init(_ tensors: [MomentTensor]) {
        state = Mutex(State(missing: tensors.map(\.count), finished: Array(repeating: nil, count: tensors.count)))
    }

    func add(_ counts: [UInt32], moves: [Int32], count: Int, tensor: Int) {
        state.withLock { state in
            state.counts[tensor, default: UpdateCounts()].add(counts, moves: moves)
            state.missing[tensor] -= count
            guard state.missing[tensor] == 0, let whole = state.counts.removeValue(forKey: tensor) else { return }
            state.all.merge(whole)
            state.finished[tensor] = TensorUpdates(whole)
        }
    }

    /// What has been added, when all has been.
    func take() -> (tensors: [TensorUpdates], all: TensorUpdates) {
        state.withLock { state in (state.finished.map { $0 ?? TensorUpdates(UpdateCounts()) }, TensorUpdates(state.all)) }
    }
}
