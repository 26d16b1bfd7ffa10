/// [Γ(z+½)/Γ(z+1)]² for z > -½, to a few units in the last place.
///
/// By Brouncker's continued fraction (Perron, Die Lehre von den Kettenbrüchen, §81):
/// [Γ(z+½)/Γ(z+1)]² = 4/(x + K), x = 4z+1, K = 1/(2x + 9/(2x + 25/(2x + …))), all of whose terms are positive; small z
/// is first shifted up by the recurrence of Γ.
public func squaredHalfGammaRatio(_ z: Double) -> Double {
    // 4z leaves the range of doubles before 1/z does.
    if z > 1e300 { return 1 / z }
    var z = z
    var factor = 1.0
    while z < shiftedFrom {
        let ratio = (z + 1) / (z + 0.5)
        factor *= ratio * ratio
        z += 1
    }
    let x = 4 * z + 1
    return factor * 4 / (x + brounckerTail(x))
}

/// 1 - z [Γ(z+½)/Γ(z+1)]² for z ≥ 0, to a few units in the last place; it falls from 1 to about 1/(4z).
///
/// With Brouncker's fraction it is (1+K)/(4z+1+K); for small z by the recurrence
/// V(z) = 1/(2z+1)² + z(z+1)/(z+½)² · V(z+1). Every term is positive, so nothing cancels at any size of z.
public func squaredHalfGammaRatioDeficit(_ z: Double) -> Double {
    if z > 1e300 { return 0.25 / z }
    // Unrolled from the top: V(z) = Σ_k offset_k Π_{j<k} factor_j + Π factor · V(z+n).
    var z = z
    var offset = 0.0
    var factor = 1.0
    while z < shiftedFrom {
        let inverse = 1 / (z + 0.5)
        offset += factor * 0.25 * inverse * inverse
        factor *= z * (z + 1) * inverse * inverse
        z += 1
    }
    let x = 4 * z + 1
    let tail = brounckerTail(x)
    return offset + factor * (1 + tail) / (x + tail)
}

/// From here on few terms of the continued fraction reach full precision.
private let shiftedFrom = 8.0

/// K = 1/(2x + 9/(2x + 25/(2x + …))) of Brouncker's continued fraction, to an absolute error below 1e-17, for x ≥ 33.
private func brounckerTail(_ x: Double) -> Double {
    // The error after n terms is about ((2n-1)!!/(2x)^n)²: below 1e-17 for n = 9 at 2x = 66, n = 4 at 2x = 514.
    brounckerTail(x, terms: x < 257 ? 10 : 5)
}

/// K by so many terms of the fraction.
package func brounckerTail(_ x: Double, terms: Int) -> Double {
    var tail = 2 * x
    var odd = Double(2 * terms - 1)
    while odd > 1 {
        tail = 2 * x + odd * odd / tail
        odd -= 2
    }
    return 1 / tail
}
