import Testing

@testable import Training

/// The library of matrix products.
@Suite struct MatrixLibraryTests {
    @Test func itSaysItsVersionAndKernels() throws {
        let words = try MatrixLibrary.prepare(threads: 2).version.split(separator: " ")
        #expect(words.count == 2 && words[0].first?.isNumber == true)
    }

    /// No machine has the address space for so many threads: 2^47 bytes on x86-64.
    @Test(arguments: [1 << 22, 1 << 40, Int.max])
    func moreThanThereIsIsRefusedAndNotTried(threads: Int) {
        do throws(MatrixLibraryError) {
            _ = try MatrixLibrary.prepare(threads: threads)
            Issue.record("there is memory for \(threads) threads")
        } catch {
            #expect(error.exitClass == .software && error.description.contains("on \(threads) threads"), "\(error)")
        }
    }

    @Test func aMissingLibraryIsSaidWithWhatToInstall() {
        #expect(MatrixLibraryError.missing.exitClass == .unavailable)
        #expect(MatrixLibraryError.missing.description.contains("libopenblas"))
    }

    /// Against the plain sum, in both precisions, for every combination of transposition: 2·k·u of the sum of magnitudes.
    @Test(arguments: [(3, 4, 5), (1, 1, 1), (7, 1, 9), (16, 33, 8)])
    func productsAreThoseOfTheDefinition(rows: Int, columns: Int, inner: Int) {
        func check<Scalar: TrainingScalar>(_ type: Scalar.Type) {
            // Of few digits, so that they are the same in both precisions.
            let a: [Double] = (0..<rows * inner).map { (index: Int) -> Double in Double((index * 7 + 3) % 11) / 8 - 0.5 }
            let b: [Double] = (0..<inner * columns).map { (index: Int) -> Double in Double((index * 5 + 1) % 13) / 8 - 0.75 }
            for (left, right) in [(false, false), (true, false), (false, true), (true, true)] {
                var c = [Scalar](repeating: 2, count: rows * columns)
                Scalar.multiply(
                    rows: rows, columns: columns, inner: inner, a.map { Scalar($0) }, transposed: left, b.map { Scalar($0) },
                    transposed: right, beta: 0.5, into: &c)
                for i in 0..<rows {
                    for j in 0..<columns {
                        var sum = 1.0, size = 1.0
                        for k in 0..<inner {
                            let first = left ? a[k * rows + i] : a[i * inner + k]
                            let second = right ? b[j * inner + k] : b[k * columns + j]
                            sum += first * second
                            size += abs(first * second)
                        }
                        let bound = 2 * Double(inner) * Double(Scalar.ulpOfOne) * size
                        #expect(abs(Double(c[i * columns + j]) - sum) <= bound)
                    }
                }
            }
        }
        check(Float.self)
        check(Double.self)
    }
}
