import Errors
import Foundation

/// A trace with NaN or infinite gradients, where they were not asked to be skipped.
public struct NonfiniteGradient: ReportedError, Equatable {
    /// How many there are in the file.
    public internal(set) var count: Int
    /// The first, in the order of arrays, steps, coordinates.
    public let path: String
    public let array: String
    /// From 1.
    public let step: Int
    /// From 0, in C order.
    public let coordinate: Int
    public let value: Double
    /// What --skip-nonfinite does about it.
    var remedy = "leaves such values out"

    public var exitClass: ExitClass { .data }

    public var description: String {
        let text = "\(path): array \(array), step \(step), coordinate \(coordinate): \(value) is not finite"
        let others = count > 1 ? " (\(count) such values)" : ""
        return text + others + "; --skip-nonfinite \(remedy)"
    }
}
