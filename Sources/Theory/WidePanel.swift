import CKernels

/// Functions of ln s that are dear to compute, interpolated over ten pieces of a table at once: 33 values of them where the pieces by themselves take 110.
///
/// Functions analytic in |Im ln s| < π/2, as those of mixtures of normals are, leave 3.4^{-33}, which is less than a rounding.
struct WidePanel {
    /// Of a table.
    static let pieces = 10
    private static let degree = 32
    private static let points = ChebyshevPoints(count: degree + 1)
    /// Whether the interpolation is the functions to a few roundings.
    let isResolved: Bool
    private let start: Double
    private let coefficients: [SIMD4<Double>]

    private static let width = Double(pieces) * ExactLawGrid.spacing

    /// - Parameter start: ln s, where its first piece begins.
    init(from start: Double, function: (Double) -> SIMD4<Double>) {
        self.start = start
        let made = Self.points.coefficients(Self.points.nodes.map { function(start + 0.5 * Self.width * ($0 + 1)) })
        isResolved = (0..<4).allSatisfy { lane in made.suffix(2).allSatisfy { abs($0[lane]) <= 1e-14 * abs(made[0][lane]) } }
        coefficients = made
    }

    func value(at logarithm: Double) -> SIMD4<Double> {
        let x = 2 * (logarithm - start) / Self.width - 1
        let twice = SIMD4(repeating: 2 * x)
        var (next, afterNext) = (SIMD4<Double>.zero, SIMD4<Double>.zero)
        for k in stride(from: Self.degree, to: 0, by: -1) { (next, afterNext) = (coefficients[k] + twice * next - afterNext, next) }
        return coefficients[0] + SIMD4(repeating: x) * next - afterNext
    }
}

/// Values of a law at the points of pieces that follow each other, from a wide panel where that has them.
struct PanelCache {
    private var panel: (number: Int, panel: WidePanel)?
    let origin: Double

    /// - Parameter origin: ln s, where piece 0 begins.
    init(origin: Double) { self.origin = origin }

    mutating func value(at logarithm: Double, piece: Int, function: (Double) -> SIMD4<Double>) -> SIMD4<Double> {
        let number = Int((Double(piece) / Double(WidePanel.pieces)).rounded(.down))
        if panel?.number != number {
            panel = (number, WidePanel(from: origin + Double(number * WidePanel.pieces) * ExactLawGrid.spacing, function: function))
        }
        let current = panel!.panel
        return current.isResolved ? current.value(at: logarithm) : function(logarithm)
    }
}
