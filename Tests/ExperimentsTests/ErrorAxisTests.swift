import Testing

@testable import Experiments

/// The logarithmic axis of a sweep's errors.
@Suite struct ErrorAxisTests {
    /// Of every spread: all errors are within, and at least four numbers stand beside it, at most eighteen.
    @Test(arguments: [
        [11.0, 90], [11.9, 12.1], [0.3, 0.31], [2, 2], [0.02, 300], [5.5, 5.6, 4.1], [0.001, 0.0011], [99, 100], [78.5, 83], [9.5, 10.5], [1e-3, 100],
    ])
    func hasRoundNumbersBesideIt(errors: [Double]) {
        let axis = ErrorAxis(errors)
        #expect(axis.low < errors.min()! && axis.high > errors.max()!)
        #expect(axis.tics.allSatisfy { $0 >= axis.low && $0 <= axis.high })
        #expect((4...18).contains(axis.tics.count), "\(axis.tics)")
        #expect(zip(axis.tics, axis.tics.dropFirst()).allSatisfy { $0 < $1 })
        #expect(errors.allSatisfy { axis.shown($0) == $0 })
    }

    /// A run without an error has a place too.
    @Test func nothingWrongIsDrawnAtHalfOfTheLeastError() {
        let axis = ErrorAxis([0, 0.5, 2])
        #expect(axis.shown(0) == 0.25 && axis.shown(0.5) == 0.5 && axis.low < 0.25)
        let perfect = ErrorAxis([0, 0])
        #expect(perfect.shown(0) == 0.5 && perfect.low < 0.5)
    }

    @Test func labelsStandApart() {
        let axis = ErrorAxis([10, 20])
        let places = axis.labelPlaces([10, 10.01, 10.02, 20])
        #expect(zip(places, places.dropFirst()).allSatisfy { $1 > $0 * 1.03 }, "\(places)")
        #expect(places.allSatisfy { $0 > axis.low && $0 < axis.high })
    }
}
