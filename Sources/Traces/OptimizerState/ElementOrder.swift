/// How the elements of a tensor lie from its first element on: by so many elements from one to the next along each axis.
struct ElementOrder: Sendable, Equatable {
    /// Without axes of one element, and with those joined that are like one; the last one moves fastest in C order.
    private let axes: [Axis]

    private struct Axis: Equatable {
        var size: Int
        var stride: Int
    }

    /// - Precondition: as many of both, none negative, and ``extent(shape:strides:)`` is not nil.
    init(shape: [Int], strides: [Int]) {
        var axes: [Axis] = []
        for (size, stride) in zip(shape, strides) where size != 1 {
            let (distance, overflows) = size.multipliedReportingOverflow(by: stride)
            if let last = axes.last, !overflows, last.stride == distance {
                axes[axes.count - 1] = Axis(size: last.size * size, stride: stride)
            } else {
                axes.append(Axis(size: size, stride: stride))
            }
        }
        self.axes = axes
    }

    /// One after the other.
    init(count: Int) { axes = count > 1 ? [Axis(size: count, stride: 1)] : [] }

    /// The number of elements from the first to the last place; nil where that is 2^63 or more.
    static func extent(shape: [Int], strides: [Int]) -> Int? {
        if shape.contains(0) { return 0 }
        var extent = 1
        for (size, stride) in zip(shape, strides) {
            let (distance, tooLong) = (size - 1).multipliedReportingOverflow(by: stride)
            let (sum, overflows) = extent.addingReportingOverflow(distance)
            if tooLong || overflows { return nil }
            extent = sum
        }
        return extent
    }

    /// Whether no two elements share a place, as far as can be told from the axes one by one.
    var isInjective: Bool {
        var reach = 0
        for axis in axes.sorted(by: { $0.stride < $1.stride }) {
            if axis.stride <= reach { return false }
            reach += (axis.size - 1) * axis.stride
        }
        return true
    }

    /// Whether the elements fill a stretch without gaps, in whatever order.
    var isGapless: Bool {
        var next = 1
        for axis in axes.sorted(by: { $0.stride < $1.stride }) {
            if axis.stride != next { return false }
            next *= axis.size
        }
        return true
    }

    /// Calls `body` with runs of elements at equal distances, in C order.
    /// - Parameters:
    ///   - range: of elements, by their numbers in C order.
    ///   - body: gets the place of a run's first element, the distance from one to the next, and their numbers.
    func forEachRun(_ range: Range<Int>, _ body: (_ start: Int, _ step: Int, _ run: Range<Int>) throws(TraceError) -> Void) throws(TraceError) {
        guard let inner = axes.last else {
            if !range.isEmpty { try body(0, 1, range) }
            return
        }
        var next = range.lowerBound
        while next < range.upperBound {
            var row = next / inner.size
            let column = next % inner.size
            var place = column * inner.stride
            for axis in axes.dropLast().reversed() {
                place += row % axis.size * axis.stride
                row /= axis.size
            }
            let end = min(range.upperBound, next + inner.size - column)
            try body(place, inner.stride, next..<end)
            next = end
        }
    }
}
