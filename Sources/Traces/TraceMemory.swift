/// The bound on what an analysis holds in memory of a trace's coordinates.
///
/// Files are larger than memory, so that blocks of them are read. But statistics and optimizers have numbers of their own for each
/// coordinate, and a step has all of them: what would not fit is refused by its shape, before memory is asked for.
package enum TraceMemory {
    /// 2 GiB.
    package static let mostBytes = 1 << 31

    /// - Parameters:
    ///   - arrays: whose coordinates are in memory at once.
    ///   - bytes: how many are held for each coordinate.
    /// - Throws: ``TraceError`` with the file and the shape of the array that goes beyond ``mostBytes``.
    package static func require(_ bytes: Int, perCoordinateOf arrays: [RecordedArray]) throws(TraceError) {
        var left = mostBytes / bytes
        for array in arrays {
            left -= array.coordinateCount
            guard left < 0 else { continue }
            let isOnly = arrays.count == 1
            throw TraceError(
                path: array.path, member: isOnly ? nil : array.name, found: array.shapeText,
                rule: "\(bytes) bytes of each coordinate are held in memory, at most \(mostBytes) (2 GiB): "
                    + "must have at most \(mostBytes / bytes) coordinates\(isOnly ? "" : " in all arrays")")
        }
    }
}
