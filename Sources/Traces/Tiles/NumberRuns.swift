import Concurrency

/// Some consecutive numbers of an array in C order, in the precision that holds them. Valid only during the call that hands them over.
package enum NumberRun {
    case single(UnsafeBufferPointer<Float>)
    case double(UnsafeBufferPointer<Double>)
}

extension RecordedArray {
    /// Numbers in one run: they stay in the second cache until they are looked at.
    private static let runLength = 1 << 15

    /// Calls `body` with all numbers of the array in runs, for what does not depend on their order or place. Where any part of the file can be found, each of
    /// several threads has stretches of its own, and results of its own; no checksum is looked at and nothing is hashed there.
    /// - Returns: the results of the threads' stretches, in the order of the file.
    /// - Throws: as ``forEachBlock(coordinates:verifying:_:)``.
    package func reduceRuns<Result: Sendable>(
        into initial: Result, threads: Int, _ body: @Sendable (inout Result, NumberRun) -> Void
    ) throws -> [Result] {
        guard case .binary(let region, let headerSize, let format) = source, !region.isDeflated else {
            var result = initial
            try forEachBlock { body(&result, .double($0.values)) }
            return [result]
        }
        let start = region.offset + headerSize
        return try concurrentMap(slices(of: 0..<stepCount * coordinateCount, count: 8 * threads), threads: threads) { slice in
            var result = initial
            let length = min(Self.runLength, slice.count)
            let raw = UnsafeMutableRawBufferPointer.allocate(byteCount: length * format.size, alignment: 64)
            let converted: UnsafeMutableRawPointer? = format.isNative ? nil : .allocate(byteCount: length * tileElementSize, alignment: 64)
            defer {
                raw.deallocate()
                converted?.deallocate()
            }
            for first in stride(from: slice.lowerBound, to: slice.upperBound, by: length) {
                let count = min(length, slice.upperBound - first)
                let part = UnsafeMutableRawBufferPointer(rebasing: raw[..<(count * format.size)])
                try region.file.read(at: start + first * format.size, into: part, isHashed: false)
                if let converted { format.convertForTiles(part.baseAddress!, count: count, to: converted) }
                let numbers = UnsafeRawPointer(converted ?? part.baseAddress!)
                body(
                    &result,
                    format.isSingle
                        ? .single(UnsafeBufferPointer(start: numbers.assumingMemoryBound(to: Float.self), count: count))
                        : .double(UnsafeBufferPointer(start: numbers.assumingMemoryBound(to: Double.self), count: count)))
            }
            return result
        }
    }
}
