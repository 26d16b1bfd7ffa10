import Files

extension RecordedArray {
    /// The same array in a temporary file that can be read at any place, for one that can be read from its beginning alone (``isSequential``); others
    /// as they are. Its checksum is looked at, and no block of it is read twice.
    /// - Throws: as ``forEachBlock(coordinates:verifying:_:)``; `TraceError` where there is no room for it.
    package func spooled(threads: Int = 1) throws -> RecordedArray {
        guard isSequential else { return self }
        var spool = try newSpool()
        func append(_ bytes: UnsafeRawBufferPointer) throws(TraceError) {
            try TraceFile.reported { () throws(InputError) in try spool.append(bytes) }
        }
        let stored: ElementFormat
        if case .binary(let region, let headerSize, let format) = source {
            let reader = try RegionReader(region)
            try reader.skip(headerSize)
            while reader.position < region.size { try append(reader.take(unit: 1, maximum: region.size - reader.position)) }
            try reader.finish()
            stored = format
        } else {
            stored = ElementFormat(kind: .float64)
            if case .text(let table) = source, try table.forEachPiece(threads: threads, { try append(UnsafeRawBufferPointer($0)) }) {
                // All lines were as they should be.
            } else {
                // Cell by cell, which says where what is wrong.
                spool = try newSpool()
                try forEachBlock { try append(UnsafeRawBufferPointer($0.values)) }
            }
        }
        return RecordedArray(
            name: name, shape: TraceShape(axes: shape, steps: stepCount, coordinates: coordinateCount),
            source: .binary(ByteRegion(file: TraceFile(spool)), headerSize: 0, stored))
    }

    private func newSpool() throws(TraceError) -> Spool { try TraceFile.reported { () throws(InputError) in try Spool(reportedAs: path) } }
}
