/// Some consecutive steps of some consecutive coordinates of a ``RecordedArray``.
public struct RecordedBlock {
    /// Steps from 0.
    public let steps: Range<Int>
    /// Coordinates from 0, in C order of the array's axes after the first.
    public let coordinates: Range<Int>
    /// Step by step: that of a step and a coordinate is
    /// `values[(step - steps.lowerBound) * coordinates.count + (coordinate - coordinates.lowerBound)]`.
    ///
    /// As in the file, NaN and infinities included. Valid only during the call that hands over the block.
    public let values: UnsafeBufferPointer<Double>
}
