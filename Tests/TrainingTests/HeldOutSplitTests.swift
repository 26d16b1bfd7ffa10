import Testing
import Training

struct HeldOutSplitTests {
    private func pairs(_ count: Int) -> [ParallelText.Pair] {
        (0..<count).map { ParallelText.Pair(source: "quelle \($0)", target: "ziel \($0)") }
    }

    @Test func everyPairIsOnOneSide() {
        let all = pairs(5000)
        let split = HeldOutSplit(all, heldOut: 300)
        #expect(split.validation.count == 300)
        #expect(split.training.count == 4700)
        #expect(Set(split.training + split.validation) == Set(all))
        // In the order that was given.
        let held = Set(split.validation)
        #expect(split.training == all.filter { !held.contains($0) })
        // Held out all over the text: a quarter has 75 expected; 5 hypergeometric standard deviations are 36, false alarm below
        // 1e-6 for each of the four.
        for quarter in 0..<4 { #expect(abs(all[(quarter * 1250)..<((quarter + 1) * 1250)].count(where: held.contains) - 75) <= 36) }
    }

    @Test func dependsOnTheSentencesAlone() {
        let all = pairs(2000)
        let split = HeldOutSplit(all, heldOut: 100)
        #expect(Set(HeldOutSplit(all.reversed(), heldOut: 100).validation) == Set(split.validation))
        let otherTargets = all.map { ParallelText.Pair(source: $0.source, target: $0.target + " !") }
        #expect(HeldOutSplit(otherTargets, heldOut: 100).validation.map(\.source) == split.validation.map(\.source))
    }

    @Test func aSentenceWithTwoTranslationsStaysTogether() {
        let twice = pairs(500).flatMap { [$0, .init(source: $0.source, target: $0.target + " !")] }
        let split = HeldOutSplit(twice, heldOut: 33)
        #expect(split.validation.count == 34)
        #expect(Set(split.training.map(\.source)).isDisjoint(with: split.validation.map(\.source)))
    }

    @Test(arguments: [(0, 10, 0), (9, 10, 0), (10, 10, 1), (95, 1000, 9), (100, 0, 0)])
    func holdsOutAtMostATenth(count: Int, heldOut: Int, expected: Int) {
        let split = HeldOutSplit(pairs(count), heldOut: heldOut)
        #expect(split.validation.count == expected)
        #expect(split.training.count == count - expected)
    }
}
