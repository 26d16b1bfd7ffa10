import CKernels

/// Sums over the updates u = m̂/(√v̂ + ε) of a tensor, and how many coordinates have something of note.
///
/// All means are over the live coordinates, those with finite m̂ and v̂ > 0. w = √v̂/(√v̂ + ε) is what ε leaves of an update, u = w m̂/√v̂.
package struct UpdateSums: Sendable {
    private var sums = varlab_checkpoint_sums()

    package init() {}

    init(_ sums: varlab_checkpoint_sums) { self.sums = sums }

    mutating func merge(_ other: UpdateSums) {
        func add<Value: AdditiveArithmetic>(_ member: WritableKeyPath<varlab_checkpoint_sums, Value>) {
            sums[keyPath: member] += other.sums[keyPath: member]
        }
        for member in [\varlab_checkpoint_sums.square, \.fourth, \.weight2, \.weight3, \.weight4, \.second_moment] { add(member) }
        for member in [\varlab_checkpoint_sums.live, \.small, \.beyond, \.dead, \.underflowed, \.negative, \.nonfinite] { add(member) }
        sums.largest = max(sums.largest, other.sums.largest)
    }

    /// How many coordinates are live.
    package var live: Int { Int(sums.live) }
    /// Live ones with √v̂ < 10 ε.
    package var small: Int { Int(sums.small) }
    /// Live ones whose |m̂|/√v̂ is 1% above what any gradients give.
    package var beyond: Int { Int(sums.beyond) }
    /// v̂ = 0.
    package var dead: Int { Int(sums.dead) }
    /// v̂ = 0 though m̂ is not.
    package var underflowed: Int { Int(sums.underflowed) }
    /// v̂ < 0, which no squares give.
    package var negative: Int { Int(sums.negative) }
    /// NaN or infinite.
    package var nonfinite: Int { Int(sums.nonfinite) }
    /// All coordinates.
    package var count: Int { live + dead + negative + nonfinite }
    /// The largest |m̂|/√v̂.
    package var largest: Double { sums.largest }

    private func mean(_ sum: Double) -> Double? { live > 0 ? sum / Double(live) : nil }

    /// The mean of u².
    package var meanSquare: Double? { mean(sums.square) }
    /// The mean of u⁴.
    package var meanFourth: Double? { mean(sums.fourth) }
    /// The mean of w².
    package var meanWeight2: Double? { mean(sums.weight2) }
    /// The mean of w⁴.
    package var meanWeight4: Double? { mean(sums.weight4) }
    /// Σ w²(1-w)/Σ w², from 0 where ε does not matter to 1 where it is all: the weight of m̂² beside that of m̂²/v̂ in the mean of u².
    package var epsilonShare: Double { sums.weight2 > 0 ? max(0, (sums.weight2 - sums.weight3) / sums.weight2) : 0 }
    /// The mean of v̂, of which the gradients' root mean square is the root.
    package var meanSecondMoment: Double? { mean(sums.second_moment) }
}
