import CLibC

/// A function on an interval as a sum of Chebyshev polynomials, Σ_k c_k T_k.
///
/// For a function analytic about the interval the coefficients fall geometrically, and their sizes bound the error: |T_k| ≤ 1
/// (Trefethen, Approximation Theory and Approximation Practice, chapters 3, 8 and 19).
public struct ChebyshevSeries: Sendable {
    public let range: ClosedRange<Double>
    /// c_0, c_1, ….
    public let coefficients: [Double]

    /// - Precondition: the range is not empty, and there is a coefficient.
    public init(on range: ClosedRange<Double>, coefficients: [Double]) {
        precondition(range.lowerBound < range.upperBound && !coefficients.isEmpty)
        self.range = range
        self.coefficients = coefficients
    }

    /// The interpolant in the points cos(πj/n) of the interval, n = 16, 32, … until the last eighth of the coefficients is at
    /// most `tolerance`; nil if they are not at n = `largestDegree`. A point's value serves all degrees.
    public init?(
        on range: ClosedRange<Double>, tolerance: Double, largestDegree: Int = 4096, of function: (Double) -> Double
    ) {
        let middle = (range.upperBound + range.lowerBound) / 2
        let half = (range.upperBound - range.lowerBound) / 2
        var degree = 16
        var cosines = (0...degree).map { cos(.pi * Double($0) / Double(degree)) }
        var values = cosines.map { function(middle + half * $0) }
        while true {
            let coefficients = Self.coefficients(values, cosines)
            // Written so that NaN goes on.
            if coefficients.suffix(degree / 8).allSatisfy({ abs($0) <= tolerance }) {
                self.init(on: range, coefficients: coefficients)
                return
            }
            if 2 * degree > largestDegree { return nil }
            degree *= 2
            var finer: [Double] = []
            var finerValues: [Double] = []
            for j in 0...degree {
                let isOld = j.isMultiple(of: 2)
                let cosine = isOld ? cosines[j / 2] : cos(.pi * Double(j) / Double(degree))
                finer.append(cosine)
                finerValues.append(isOld ? values[j / 2] : function(middle + half * cosine))
            }
            (cosines, values) = (finer, finerValues)
        }
    }

    /// The coefficients of the polynomial through the values at cos(πj/n): a discrete cosine transform, n² products.
    private static func coefficients(_ values: [Double], _ cosines: [Double]) -> [Double] {
        let degree = values.count - 1
        return (0...degree).map { (k: Int) -> Double in
            var sum = 0.0
            var angle = 0
            for j in 0...degree {
                let term = values[j] * cosines[angle <= degree ? angle : 2 * degree - angle]
                sum += j == 0 || j == degree ? term / 2 : term
                angle += k
                if angle >= 2 * degree { angle -= 2 * degree }
            }
            let isOuter = k == 0 || k == degree
            return sum * (isOuter ? 1 : 2) / Double(degree)
        }
    }

    /// The sum at x, by Clenshaw's recurrence. Outside the range it grows like a polynomial.
    public func value(at x: Double) -> Double {
        let u = (2 * x - range.lowerBound - range.upperBound) / (range.upperBound - range.lowerBound)
        var (next, afterNext) = (0.0, 0.0)
        for coefficient in coefficients.dropFirst().reversed() {
            (next, afterNext) = (2 * u * next - afterNext + coefficient, next)
        }
        return u * next - afterNext + coefficients[0]
    }

    /// The integral from the lower end of the range, as a series: ∫T_k = (T_{k+1}/(k+1) - T_{k-1}/(k-1))/2.
    public var integral: ChebyshevSeries {
        let half = (range.upperBound - range.lowerBound) / 2
        func c(_ k: Int) -> Double { k < coefficients.count ? coefficients[k] : 0 }
        var integrated = [0.0]
        for k in 1...coefficients.count {
            integrated.append(half * ((k == 1 ? 2 : 1) * c(k - 1) - c(k + 1)) / Double(2 * k))
        }
        // T_k(-1) = (-1)^k; the smallest terms first.
        for k in stride(from: integrated.count - 1, to: 0, by: -1) {
            integrated[0] += k % 2 == 0 ? -integrated[k] : integrated[k]
        }
        return ChebyshevSeries(on: range, coefficients: integrated)
    }
}
