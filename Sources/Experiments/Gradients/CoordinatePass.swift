import Concurrency
import GradientStatistics
import Traces

/// What is known of one coordinate.
struct CoordinateStatistics: Sendable {
    let moments: SeriesMoments
    /// nil where it is undefined, and for a series too long to be sorted in memory.
    let normality: AndersonDarling?
}

/// The second pass over an array, in groups of coordinates whose whole series fit into 100 MB.
enum CoordinatePass {
    /// Doubles held at once: 96 MB.
    static let capacity = 12_000_000

    static func run(_ array: RecordedArray, threads: Int, progress: ProgressCounter) throws -> [CoordinateStatistics] {
        var result: [CoordinateStatistics] = []
        let width = max(1, min(capacity / array.stepCount, array.coordinateCount))
        for start in stride(from: 0, to: array.coordinateCount, by: width) {
            let group = start..<min(start + width, array.coordinateCount)
            result += try statistics(of: group, in: array, threads: threads)
            progress.add(group.count * array.stepCount)
        }
        return result
    }

    private static func statistics(
        of group: Range<Int>, in array: RecordedArray, threads: Int
    ) throws -> [CoordinateStatistics] {
        // Column after column. A series longer than that is taken in chunks, and not tested for normality.
        let height = min(array.stepCount, capacity)
        var columns = Array(repeating: 0.0, count: group.count * height)
        var filled = Array(repeating: 0, count: group.count)
        var moments = Array(repeating: SeriesMoments(), count: group.count)
        try array.forEachBlock(coordinates: group) { block in
            columns.withUnsafeMutableBufferPointer { columns in
                for coordinate in block.coordinates {
                    let column = coordinate - group.lowerBound
                    var index = coordinate - block.coordinates.lowerBound
                    for _ in block.steps {
                        if filled[column] == height {
                            let chunk = UnsafeBufferPointer(rebasing: columns[column * height..<(column + 1) * height])
                            moments[column].merge(SeriesMoments(chunk))
                            filled[column] = 0
                        }
                        columns[column * height + filled[column]] = block.values[index]
                        filled[column] += 1
                        index += block.coordinates.count
                    }
                }
            }
        }
        let (values, started, counts) = (columns, moments, filled)
        return try concurrentMap(slices(of: 0..<group.count, count: 8 * threads), threads: threads) { slice in
            slice.map { column in
                values[column * height..<column * height + counts[column]].withUnsafeBufferPointer { chunk in
                    var moments = started[column]
                    moments.merge(SeriesMoments(chunk))
                    guard array.stepCount <= height, let mean = moments.mean, !moments.isDead,
                        let deviation = moments.standardDeviation
                    else { return CoordinateStatistics(moments: moments, normality: nil) }
                    let sorted = AscendingOrder.sorted(chunk)
                    let normality = sorted.withUnsafeBufferPointer {
                        AndersonDarling(sorted: $0, mean: mean, standardDeviation: deviation)
                    }
                    return CoordinateStatistics(moments: moments, normality: normality)
                }
            }
        }.flatMap { $0 }
    }
}
