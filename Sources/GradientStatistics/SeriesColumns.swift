import Traces

/// The series of some coordinates, one after the other, as they are put together from the blocks of an array.
///
/// A series longer than the capacity is taken in chunks: what is left of those before the last are their moments.
struct SeriesColumns: Sendable {
    private let coordinates: Range<Int>
    /// The places of a series.
    private let height: Int
    private var values: [Double]
    private var filled: [Int]
    /// Of the chunks before; empty where series are whole.
    private var moments: [SeriesMoments]

    /// - Parameter capacity: the most values of a series that are held at once.
    init(coordinates: Range<Int>, steps: Int, capacity: Int) {
        self.coordinates = coordinates
        height = min(steps, capacity)
        values = Array(repeating: 0, count: coordinates.count * height)
        filled = Array(repeating: 0, count: coordinates.count)
        moments = steps > capacity ? Array(repeating: SeriesMoments(), count: coordinates.count) : []
    }

    /// How many series there are.
    var count: Int { coordinates.count }

    /// Appends the block's steps to its coordinates' series.
    mutating func add(_ block: RecordedBlock) {
        for coordinate in block.coordinates {
            let column = coordinate - coordinates.lowerBound
            var index = coordinate - block.coordinates.lowerBound
            var (place, left) = (column * height + filled[column], block.steps.count)
            while left > 0 {
                if filled[column] == height {
                    moments[column].merge(withSeries(of: column) { SeriesMoments($0) })
                    filled[column] = 0
                    place = column * height
                }
                let run = min(left, height - filled[column])
                values.withUnsafeMutableBufferPointer { values in
                    for _ in 0..<run {
                        values[place] = block.values[index]
                        place += 1
                        index += block.coordinates.count
                    }
                }
                filled[column] += run
                left -= run
            }
        }
    }

    /// The part of a series that is held.
    func withSeries<Result>(of column: Int, _ body: (UnsafeBufferPointer<Double>) -> Result) -> Result {
        values.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[column * height..<column * height + filled[column]])) }
    }

    /// Of a finished series.
    func statistics(of column: Int, steps: Int) -> CoordinateStatistics {
        withSeries(of: column) { chunk in
            var moments = moments.isEmpty ? SeriesMoments() : moments[column]
            moments.merge(SeriesMoments(chunk))
            let normality = steps <= height ? AndersonDarling(moments, of: chunk) : nil
            return CoordinateStatistics(moments, normality: normality)
        }
    }
}

extension SeriesColumns: HeldSeries {
    var stepCount: Int { height }

    func value(column: Int, step: Int) -> Double { values[column * height + step] }

    func addSquares(of columns: Range<Int>, scales: [Double?], steps: Range<Int>, to sums: inout [Double]) {
        for (column, scale) in zip(columns, scales) {
            guard let scale else { continue }
            withSeries(of: column) { values in
                for (index, step) in steps.enumerated() {
                    let value = values[step] / scale
                    sums[index] += value * value
                }
            }
        }
    }
}
