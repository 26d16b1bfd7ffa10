import Foundation

/// The size of a figure on paper, in inches.
public struct FigureSize: Equatable, Sendable {
    public var width: Double
    public var height: Double

    /// - Precondition: both are positive and finite.
    public init(width: Double, height: Double) {
        precondition(width > 0 && width.isFinite && height > 0 && height.isFinite, "a figure needs a positive size")
        self.width = width
        self.height = height
    }

    /// As wide as one column of a two-column paper: 3.35 inches.
    public static func oneColumn(height: Double) -> FigureSize { FigureSize(width: 3.35, height: height) }

    /// As wide as the page of a two-column paper: 6.9 inches.
    public static func twoColumns(height: Double) -> FigureSize { FigureSize(width: 6.9, height: height) }

    /// A single panel at another width: higher too, but not in proportion.
    package func widened(to width: Double) -> FigureSize {
        FigureSize(width: width, height: height * pow(width / self.width, 0.7))
    }

    /// The size in SVG's pixels, of which there are 96 to the inch.
    var pixels: (width: Int, height: Int) { (Int((width * 96).rounded()), Int((height * 96).rounded())) }
}
