import Testing
import Theory
import CKernels

@Suite struct ExactLawTests {
    @Test func agreesWithReference() throws {
        var worst = 0.0
        for row in try ReferenceTable("exact_law").rows {
            let law = try ExactLaw(beta2: row["beta2"]!, means: [row["mu"]!], epsilon: row["epsilon"]!)
            let moments = law.moments(at: [Int(row["t"]!)])[0][0]
            let e = relativeError(moments.variance, row["var_psi"]!)
            worst = max(worst, e)
            if e > 1e-14 { print(row, e, relativeError(moments.mean, row["mean_psi"]!), relativeError(moments.meanSquare, row["mean_psi_squared"]!)) }
        }
        print("worst", worst)
        let clock = ContinuousClock()
        print(clock.measure { _ = try! ExactLaw(beta2: 0.999, means: [0]).moments(at: Array(1...6000)) })
        print(clock.measure { _ = try! ExactLaw(beta2: 0.999, means: [0,0.001,0.01,0.1,1,10]).moments(at: Array(1...6000)) })
        print(clock.measure { _ = try! ExactLaw(beta2: 0.999, means: [0], epsilon: 1e-8).moments(at: Array(1...6000)) })
        print(clock.measure { print(try! ExactLaw(beta2: 0.999, means: [0], epsilon: 0).limit()) })
        print(clock.measure { print(try! ExactLaw(beta2: 1-1e-8, means: [0], epsilon: 0).limit()) })
        print(clock.measure { print(try! ExactLaw(beta2: 1.0.nextDown, means: [0], epsilon: 0).limit()) })
        print(clock.measure { print(try! ExactLaw(beta2: 0.999, means: [0], epsilon: 0).moments(at: [6000])) })
        print(try! ExactLaw(beta2: 0.999, means: [0], epsilon: 0).moments(at: Array(1...6000))[0][5999])
        print(try ExactLaw.updateSecondMoment(beta1: 0.9, beta2: 0.999, at: [1,2,3,10,100,6000]))
    }
}
