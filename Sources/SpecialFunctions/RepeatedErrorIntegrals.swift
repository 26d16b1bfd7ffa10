/// e^{x²} i¹erfc(x), 4 e^{x²} i²erfc(x) and 12 e^{x²} i³erfc(x) for x ≥ 0: the first three repeated integrals of the
/// complementary error function (NIST DLMF 7.18), scaled so that they do not overflow. At 0 they are 1/√π, 1 and 2/√π; for
/// large x they fall as 1/x², 1/x³ and 1/x⁴, below the range of doubles from x = 1e154, 1e102 and 1e76 on.
///
/// In Tricomi's function the first two are ½ π^{-1/2} U(1, ½, x²) and π^{-1/2} U(3/2, ½, x²). Plain arithmetic only, so that
/// the bits do not depend on the C library. Relative error below 1e-14, of the third 3e-14.
public func scaledRepeatedErrorIntegrals(_ x: Double) -> (first: Double, second: Double, third: Double) {
    let twoOverRootPi = 1.1283791670955126
    guard x >= 0.75 else {
        // erfcx x = e^{x²} - (2/√π) Σ 2^n x^{2n+1}/(2n+1)!!, both series of positive terms.
        let square = x * x
        var exponential = 1.0
        var odd = x
        var exponentialTerm = 1.0
        var oddTerm = x
        var n = 1.0
        while oddTerm > 1e-18 * odd || exponentialTerm > 1e-18 {
            exponentialTerm *= square / n
            oddTerm *= 2 * square / (2 * n + 1)
            exponential += exponentialTerm
            odd += oddTerm
            n += 1
        }
        let scaledComplement = exponential - twoOverRootPi * odd
        let first = twoOverRootPi / 2 - x * scaledComplement
        let second = (1 + 2 * square) * scaledComplement - twoOverRootPi * x
        // 6 i³erfc = i¹erfc - 2x i²erfc (DLMF 7.18.7).
        return (first, second, 2 * first - x * second)
    }
    // r_n = iⁿerfc/iⁿ⁻¹erfc = 1/(2x + 2(n+1) r_{n+1}) (DLMF 7.18.7, read downwards): positive, from far enough up.
    // The start's error dies as exp(-2x√(2n)); the count below reaches 1e-16 from x = 0.75 on.
    let terms = 16 + 150 / (x * x)
    var n = terms.rounded(.up)
    var ratio = 1 / (x + (x * x + 2 * (n + 1)).squareRoot())
    var (first, second, third) = (0.0, 0.0, 0.0)
    while n >= 0 {
        ratio = 1 / (2 * x + 2 * (n + 1) * ratio)
        if n == 3 { third = ratio }
        if n == 2 { second = ratio }
        if n == 1 { first = ratio }
        n -= 1
    }
    let complement = twoOverRootPi * ratio
    return (complement * first, 4 * complement * first * second, 12 * complement * first * second * third)
}

/// ê_n = e^{x²} iⁿerfc(x) for n = 1...4 and x ≥ 0, as ``scaledRepeatedErrorIntegrals(_:)`` has the first three (there times
/// 1, 4 and 12). At 0 they are 1/(2ⁿ Γ(n/2 + 1)).
///
/// The kernels of the powers of 1/(√v + ε): (√v + ε)^{-k} = ∫_0^∞ c_k s^{k/2-1} ê_k(ε√s) e^{-sv} ds with c = 1, 4, 12, 32, since
/// d/dε of one power is the next, and ê_n' = -2(n+1) ê_{n+1} (DLMF 7.18). Relative error below 1e-12.
package func fourScaledErrorIntegrals(_ x: Double) -> (Double, Double, Double, Double) {
    if x < 0.75 {
        // 2n ê_n = ê_{n-2} - 2x ê_{n-1}: little is lost while x is small.
        let scaled = scaledRepeatedErrorIntegrals(x)
        let (second, third) = (scaled.second / 4, scaled.third / 12)
        return (scaled.first, second, third, (second - 2 * x * third) / 8)
    }
    // The ratios r_n = ê_n/ê_{n-1} from far enough up, as there.
    var n = (16 + 150 / (x * x)).rounded(.up) + 4
    var ratio = 1 / (x + (x * x + 2 * (n + 1)).squareRoot())
    var ratios = (0.0, 0.0, 0.0, 0.0)
    while n >= 0 {
        ratio = 1 / (2 * x + 2 * (n + 1) * ratio)
        switch n {
        case 4: ratios.3 = ratio
        case 3: ratios.2 = ratio
        case 2: ratios.1 = ratio
        case 1: ratios.0 = ratio
        default: break
        }
        n -= 1
    }
    let first = 1.1283791670955126 * ratio * ratios.0
    let second = first * ratios.1
    let third = second * ratios.2
    return (first, second, third, third * ratios.3)
}
