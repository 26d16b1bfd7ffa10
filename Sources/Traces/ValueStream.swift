/// The numbers of an array in C order, from the first to the last.
protocol ValueStream: AnyObject {
    /// - Precondition: so many are left; so also in `skip`.
    func read(_ count: Int, into values: UnsafeMutablePointer<Double>) throws(TraceError)
    func skip(_ count: Int) throws(TraceError)
    /// Goes to the end and checks what can be checked only there.
    func finish() throws(TraceError)
}

/// Numbers of a fixed size in a ``ByteRegion``.
final class BinaryValueStream: ValueStream {
    private let reader: RegionReader
    private let format: ElementFormat

    /// - Parameter headerSize: how many bytes precede the numbers in the region.
    init(_ region: ByteRegion, headerSize: Int, format: ElementFormat) throws(TraceError) {
        reader = try RegionReader(region)
        self.format = format
        try reader.skip(headerSize)
    }

    func read(_ count: Int, into values: UnsafeMutablePointer<Double>) throws(TraceError) {
        var done = 0
        while done < count {
            let bytes = try reader.take(unit: format.size, maximum: (count - done) * format.size)
            let taken = bytes.count / format.size
            format.convert(bytes.baseAddress!, count: taken, to: values + done)
            done += taken
        }
    }

    func skip(_ count: Int) throws(TraceError) { try reader.skip(count * format.size) }

    func finish() throws(TraceError) { try reader.finish() }
}
