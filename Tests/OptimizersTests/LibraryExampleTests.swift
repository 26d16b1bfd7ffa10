import Foundation
import Optimizers
import TestSupport
import Testing
import Theory

/// The README's example of the library compiles as it stands there and gives what its comments say.
@Suite struct LibraryExampleTests {
    @Test func readmeExampleRuns() throws {
        // Begin of the example.
        let law = try ExactLaw(beta2: 0.999, means: [0], epsilon: 0)
        let curve = law.moments(at: Array(1...6000))[0]      // E[ψ], E[ψ²], Var[ψ] at every step, in 10 ms
        let rho = try ExponentialAverage(beta2: 0.999).rho(at: 1000)                 // 835.967…
        print(try AdaptiveRateVariance.closedForm(rho: rho) / curve[999].variance)   // 1.106…: what ρ_t misses

        let radam = try MethodSpecification(parsing: "radam").method(MethodSettings(), like: .paper)
        var parameters: [Float] = [1, -2, 3]
        var optimizer = try Optimizer<Float>(radam, count: parameters.count)
        let step = optimizer.update(&parameters, gradients: [0.1, 0.2, -0.3])        // θ_t in place
        print(step.rectification ?? 0)                                               // r_t, from t = 5 on
        // End of the example.
        #expect(abs(rho - 835.967) < 5e-4)
        #expect(abs(try AdaptiveRateVariance.closedForm(rho: rho) / curve[999].variance - 1.106) < 1e-3)
        #expect(step.rectification == nil && parameters[0] < 1 && parameters[2] > 3)
    }

    @Test func readmeShowsThisExample() throws {
        let readme = try String(contentsOf: Repository.root.appending(path: "README.md"), encoding: .utf8)
        let block = try #require(readme.firstMatch(of: /```swift\n([\s\S]*?)```/)).1
        let shown = block.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            .filter { !$0.hasPrefix("//") && !$0.hasPrefix("import ") }
        let source = try String(contentsOfFile: #filePath, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
        let begin = try #require(source.firstIndex { $0.hasSuffix("// Begin of the example.") })
        let end = try #require(source.firstIndex { $0.hasSuffix("// End of the example.") })
        let compiled = source[(begin + 1)..<end].map { String($0.dropFirst(8)) }
        #expect(trimmed(shown) == trimmed(compiled))
    }

    private func trimmed(_ lines: [String]) -> [String] {
        Array(lines.drop(while: \.isEmpty).reversed().drop(while: \.isEmpty).reversed())
    }
}
