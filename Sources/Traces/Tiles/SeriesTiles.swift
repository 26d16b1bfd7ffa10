import CKernels

/// Whole series of some coordinates in memory, in tiles of eight: a tile has the numbers of eight coordinates at one step side by side, and its steps
/// one after the other, so that the kernels work on eight series at once.
///
/// In single precision where that holds every number of the file. The last tile is filled up with zeros.
package final class SeriesTiles: @unchecked Sendable {
    // Written by threads that each have steps or tiles of their own, then only read.

    /// Coordinates in a tile.
    package static let width = Int(VARLAB_TILE_WIDTH)
    /// Longer series are not put into tiles: 32 MB each.
    private static let mostBytesPerTile = 1 << 25
    private static let largePage = 1 << 21

    package let stepCount: Int
    /// Whether the numbers are `Float`s, not `Double`s.
    package let isSingle: Bool
    /// Which coordinates are held at present.
    package private(set) var coordinates = 0..<0
    private let storage: UnsafeMutableRawPointer

    /// Whether the series of an array are put into tiles.
    package static func suit(_ array: RecordedArray) -> Bool {
        array.stepCount <= mostBytesPerTile / (width * array.tileElementSize)
    }

    /// How many coordinates to hold at once in so many bytes: at least one tile, and no more than the array has.
    package static func coordinates(of array: RecordedArray, in bytes: Int) -> Int {
        let tiles = bytes / (width * array.stepCount * array.tileElementSize)
        // Two tiles of single precision are a cache line of the file.
        let whole = tiles > 2 ? tiles & ~1 : max(1, tiles)
        return min(array.coordinateCount, width * whole)
    }

    /// - Parameter coordinates: the most that will be held at once.
    package init(_ array: RecordedArray, coordinates: Int) {
        stepCount = array.stepCount
        isSingle = array.tileElementSize == MemoryLayout<Float>.size
        let tiles = (coordinates + Self.width - 1) / Self.width
        let bytes = tiles * array.stepCount * Self.width * array.tileElementSize
        storage = .allocate(byteCount: bytes, alignment: bytes > Self.largePage ? Self.largePage : 64)
        // Rows go into a thousand tiles at once, more than the processor remembers small pages.
        if bytes > Self.largePage { varlab_prefer_large_pages(storage, bytes) }
    }

    deinit { storage.deallocate() }

    /// The bytes of one number.
    var elementSize: Int { isSingle ? MemoryLayout<Float>.size : MemoryLayout<Double>.size }

    /// The bytes of one tile.
    package var tileBytes: Int { stepCount * Self.width * elementSize }

    package var tileCount: Int { (coordinates.count + Self.width - 1) / Self.width }

    /// How many coordinates of the array a tile has.
    package func count(inTile tile: Int) -> Int { min(Self.width, coordinates.count - tile * Self.width) }

    /// The tile's numbers: `Float`s or `Double`s.
    package func tile(_ tile: Int, from step: Int = 0) -> UnsafeRawPointer { UnsafeRawPointer(place(tile: tile, step: step)) }

    func place(tile: Int, step: Int) -> UnsafeMutableRawPointer {
        storage + (tile * stepCount + step) * Self.width * elementSize
    }

    /// The number of a column, counted from the first coordinate that is held.
    package func value(column: Int, step: Int) -> Double {
        let place = UnsafeRawPointer(place(tile: column / Self.width, step: step)) + column % Self.width * elementSize
        return isSingle ? Double(place.load(as: Float.self)) : place.load(as: Double.self)
    }

    /// A column as a series of its own.
    package func copyColumn(_ column: Int, to series: UnsafeMutablePointer<Double>) {
        for step in 0..<stepCount { series[step] = value(column: column, step: step) }
    }

    func hold(_ coordinates: Range<Int>) { self.coordinates = coordinates }
}
