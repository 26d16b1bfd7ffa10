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

    /// What reaches a user names what was sought, and that it is no fault of the command line.
    @Test func failureNamesTheParameters() throws {
        let failure = GSLError(routine: "gsl_root_fsolver_set", status: 4)
        #expect(throws: ComputationError(sought: "the root at beta2 = 0.9", reason: failure.description)) {
            try ComputationError.naming("the root at beta2 = 0.9") { () throws(GSLError) in throw failure }
        }
        let error = ComputationError(sought: "the root at beta2 = 0.9", reason: failure.description)
        #expect(error.exitClass == .software)
        #expect(error.description.hasPrefix("the root at beta2 = 0.9 was not reached (gsl_root_fsolver_set: "))
        #expect(try ComputationError.naming("nothing") { () throws(GSLError) in 5 } == 5)
    }

    /// An error in one thread leaves the handler off in the others.
    @Test func errorsInManyThreadsAreErrors() async {
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<16 {
                group.addTask { (try? integrate(from: 0, to: 1) { 1 / $0 }) == nil && (try? RootFinder().root(in: 1, 2) { $0 }) == nil }
            }
            for await failed in group { #expect(failed) }
        }
    }

    @Test func narrowPeakIsFound() throws {
        let quadrature = try integrate(from: -1e6, to: 1e6, breakpoints: [-8, -1, 1, 8]) { exp(-$0 * $0) }
        #expect(abs(quadrature.value - Double.pi.squareRoot()) <= quadrature.absoluteError + 1e-15)
    }
}
