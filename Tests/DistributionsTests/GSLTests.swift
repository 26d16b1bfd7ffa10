import Distributions
import Foundation
import Testing

@Suite struct GSLTests {
    @Test func divergentIntegralIsAnErrorAndNotAnAbort() {
        #expect(throws: GSLError.self) { try integrate(from: 0, to: 1) { 1 / $0 } }
    }

    @Test func rootWithoutBracketIsAnError() {
        #expect(throws: GSLError.self) { try RootFinder().root(in: 1, 2) { $0 } }
    }

    @Test func rootToFullPrecision() throws {
        let finder = RootFinder()
        #expect(abs(try finder.root(in: 0, 2) { $0 * $0 - 2 } - 2.0.squareRoot()) < 1e-15)
        #expect(abs(try finder.root(in: 1, 2) { cos($0) } - .pi / 2) < 2e-15)
    }

    @Test func narrowPeakIsFound() throws {
        let quadrature = try integrate(from: -1e6, to: 1e6, breakpoints: [-8, -1, 1, 8]) { exp(-$0 * $0) }
        #expect(abs(quadrature.value - Double.pi.squareRoot()) <= quadrature.absoluteError + 1e-15)
    }
}
