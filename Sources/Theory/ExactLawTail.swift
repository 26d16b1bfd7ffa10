import CKernels
import SpecialFunctions

/// The integrals of the first two steps beyond the last node of the grid, where ε is so small that they matter: 1/(√v+ε)² is
/// then at its largest where v̂_t is about ε², at s = 1/ε².
///
/// Up there M_t(s) of n squares is its leading power a^{-n/2}, and the nodes go on in logarithms: for the smallest ε up to
/// s = 1e668, and with a value that may be a double where M and s are none.
struct ExactLawTail {
    /// The sums Σ (a/a₀)^{(1-n)/2} E₁(ε√s) and Σ (a/a₀)^{1-n/2} E₂(ε√s) with the trapezoid rule's spacing and the units of s, a₀ the
    /// grid's last node; the second divided by e^`growth`.
    private let firstSum, secondSum: Double
    private let growth: Double
    /// ln a₀.
    private let logLastNode: Double

    /// Whether the integrals beyond u are above 1e-18 of the whole: they end where ε√s has passed 1.
    static func matters(epsilon: Double, beyond logNode: Double) -> Bool {
        epsilon > 0 && 40 - 2 * logarithm(epsilon) > logNode
    }

    /// - Parameters:
    ///   - squares: n, 1 or 2.
    ///   - twoWeights: 2c_t = a/s.
    init(epsilon: Double, squares: Int, twoWeights: Double, logNode: (Int) -> Double, lastNode: Int) {
        let spacing = ExactLawGrid.spacing
        let power = Double(squares) / 2
        logLastNode = logNode(lastNode)
        let count = max(0, Int(((50 - 2 * logarithm(epsilon) - logLastNode) / spacing).rounded(.up)))
        growth = (1 - power) * Double(count) * spacing
        let unit = epsilon.significand / twoWeights.squareRoot()
        var (first, second) = (0.0, 0.0)
        for index in 0..<count {
            let distance = Double(index + 1) * spacing
            let logRoot = logNode(lastNode + index + 1) / 2
            let kernels = scaledRepeatedErrorIntegrals(unit * varlab_exp(logRoot + Double(epsilon.exponent) * logarithmOf2))
            first += varlab_exp((0.5 - power) * distance) * kernels.first
            second += varlab_exp((1 - power) * distance - growth) * kernels.second
        }
        firstSum = first * spacing / twoWeights.squareRoot()
        secondSum = second * spacing / twoWeights
    }

    /// What E[ψ] has from there, for ln M at the last node.
    func first(logTransform: Double) -> Double { product(firstSum, logTransform + logLastNode / 2) }

    /// What E[ψ²] has from there; infinite beyond the range of doubles.
    func second(logTransform: Double) -> Double { product(secondSum, logTransform + logLastNode + growth) }

    /// x e^y, also where e^y alone is no double.
    private func product(_ x: Double, _ y: Double) -> Double {
        guard y > -2000 else { return 0 }
        let exponent = (y / logarithmOf2).rounded()
        return Double(sign: .plus, exponent: Int(exponent), significand: x * varlab_exp(y - exponent * logarithmOf2))
    }
}

private let logarithmOf2 = 0.6931471805599453

/// ln x for every positive double, subnormal ones included.
func logarithm(_ x: Double) -> Double {
    x.isNormal ? varlab_log(x) : varlab_log(x * 0x1p100) - 100 * logarithmOf2
}
