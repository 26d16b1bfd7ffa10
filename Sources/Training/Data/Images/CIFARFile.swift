import Files

/// A file in the binary format of CIFAR-10 (A. Krizhevsky): records of a label, 0 to 9, and 32×32 pixels in red, then in green, then in
/// blue, row by row.
enum CIFARFile {
    static let shape = ImageShape(channels: 3, height: 32, width: 32)
    static let classes = 10
    static let recordSize = 1 + shape.count
    /// Ten times as many as a file of CIFAR-10 has.
    private static let mostRecords = 100_000

    /// The images of several files, all of which have as many records as `count`, or as the first one where it is nil: a file that is cut
    /// between two records shows by nothing else.
    static func images(_ files: [ReadableFile], count expected: Int? = nil) throws(InputError) -> LabelledImages {
        var pixels: [UInt8] = []
        var labels: [UInt8] = []
        var expected = expected
        for file in files {
            let count = try append(InflatedFile(file), &pixels, &labels)
            let wanted = expected ?? count
            guard count == wanted else {
                throw InputError(path: file.path, found: "\(count) images", rule: "every file of the set must have \(wanted), as the first one has")
            }
            expected = wanted
        }
        return LabelledImages(shape: shape, pixels: pixels, labels: labels)
    }

    /// Appends what a file holds and returns how many records it is.
    private static func append(_ file: InflatedFile, _ pixels: inout [UInt8], _ labels: inout [UInt8]) throws(InputError) -> Int {
        var count = 0
        while true {
            let begin = file.position
            let record = try file.next(recordSize)
            if record.isEmpty, count > 0 { return count }
            guard record.count == recordSize else {
                throw file.error(at: file.position, found: "the end of the data", rule: "a record has \(recordSize) bytes, and this one begins at \(begin)")
            }
            guard count < mostRecords else { throw file.error(at: begin, found: "more data", rule: "a file has at most \(mostRecords) images") }
            guard record[0] < classes else { throw file.error(at: begin, found: "label \(record[0])", rule: "must be from 0 to \(classes - 1)") }
            labels.append(record[0])
            pixels += record[1...]
            count += 1
        }
    }
}
