import CLibC

/// The inverse Laplace transform (2πi)⁻¹ ∫ e^{sv + K(s)} s^{-power} ds of the transform of a weighted sum of squares, along a
/// contour through the saddle point of the integrand.
///
/// Relative to the saddle point, z = s - s₀, the exponent is Σ_k [½ c_k A(a_k z) + ½ B(a_k z)] with A(x) = x²/(1+x) of the
/// noncentral part, B(x) = x - ln(1+x) of the rest (the pole's too), positive c_k, and scales a_k as different as the weights.
struct LaplaceInversion {
    let squares: WeightedSquares
    let v: Double
    let saddle: Double
    /// 0 for the density, 1 for a tail.
    let power: Int
    /// Whether the exponent is taken about the mean of v̂: s v and K(s) of a narrow law are large and cancel.
    private let isCentred: Bool
    private let distanceFromMean: Double

    init(squares: WeightedSquares, v: Double, saddle: Double, power: Int) {
        self.squares = squares
        self.v = v
        self.saddle = saddle
        self.power = power
        distanceFromMean = squares.distanceFromMean(v)
        isCentred = squares.isNarrow && abs(distanceFromMean) < 0.25 * squares.mean
    }

    /// s v + K(s).
    private func exponent(_ real: Double, _ imaginary: Double) -> (real: Double, imaginary: Double) {
        if isCentred {
            let transform = squares.centredValue(real: real, imaginary: imaginary)
            return (real * distanceFromMean + transform.real, imaginary * distanceFromMean + transform.imaginary)
        }
        let transform = squares.value(real: real, imaginary: imaginary)
        return (real * v + transform.real, imaginary * v + transform.imaginary)
    }

    /// The value at v; 0 where it is no number above 0.
    func value() -> Double {
        let cumulants = squares.derivatives(at: saddle)
        let curvature = cumulants.second + (power == 1 ? 1 / (saddle * saddle) : 0)
        let contour = squares.weightsAreAlike
            // Matched to the transform alone: with the pole it would bend too close to the branch points.
            ? Contour.gamma(radius: 2 * cumulants.second / cumulants.minusThird)
            : Contour.hyperbola(scale: 2 / curvature.squareRoot())
        let exponentAtSaddle = exponent(saddle, 0).real
        if exponentAtSaddle < -800 { return 0 }
        return integral(along: contour, curvature: curvature, exponentAtSaddle: exponentAtSaddle) * exp(exponentAtSaddle)
    }

    /// π⁻¹ ∫ Im e^{…} s^{-power} ds over the upper half of the contour by the trapezoid rule, which converges geometrically.
    private func integral(along contour: Contour, curvature: Double, exponentAtSaddle: Double) -> Double {
        func integrand(_ parameter: Double) -> Double {
            let place = contour.place(at: parameter)
            let real = saddle + contour.scale * place.real
            let imaginary = contour.scale * place.imaginary
            let exponent = exponent(real, imaginary)
            let modulus = exp(exponent.real - exponentAtSaddle)
            var (a, b) = (modulus * cos(exponent.imaginary), modulus * sin(exponent.imaginary))
            if power == 1 {
                let norm = real * real + imaginary * imaginary
                (a, b) = ((a * real + b * imaginary) / norm, (b * real - a * imaginary) / norm)
            }
            // By symmetry only the imaginary part stays.
            return contour.scale * (a * place.imaginarySlope + b * place.realSlope)
        }
        /// The integrand's sum over every `spacing` from `start` on.
        let scale = abs(integrand(0))
        func sum(from start: Double, spacing: Double) -> Double {
            var (sum, parameter, small) = (0.0, start, 0)
            while parameter < contour.end, small < 2 {
                let term = integrand(parameter)
                // Past the range of doubles: at v below 1e-100 the saddle point's powers leave it.
                guard term.isFinite else { break }
                sum += term
                small = abs(term) <= 1e-17 * scale ? small + 1 : 0
                parameter += spacing
            }
            return sum
        }
        var spacing = contour.firstSpacing(curvature: curvature)
        var total = 0.5 * integrand(0) + sum(from: spacing, spacing: spacing)
        // Where the exponent s v + K(s) is the difference of large numbers, noise remains of it.
        let tolerance = isCentred ? contour.tolerance : max(contour.tolerance, 1e-15 * abs(saddle * v))
        for _ in 0..<10 {
            let finer = total + sum(from: spacing / 2, spacing: spacing)
            let (previous, value) = (total * spacing, finer * spacing / 2)
            (total, spacing) = (finer, spacing / 2)
            if abs(value - previous) <= tolerance * abs(value) { break }
        }
        return total * spacing / .pi
    }
}

/// A curve from the saddle point, at parameter 0, into the upper half plane; the lower half mirrors it.
enum Contour {
    /// s(θ) = s₀ - R + R (θ cot θ + iθ), 0 ≤ θ < π: the path of steepest descent of a gamma law, the shortest where all weights
    /// are alike (Talbot 1979; Temme).
    ///
    /// It runs back along the negative axis at a height of πR. Of very unequal weights the smaller ones have their singularities
    /// there, e^{c/(1+x)} with x near -1, which would be passed too closely.
    case gamma(radius: Double)
    /// s(u) = s₀ + λ (sin α (1 - cosh u) + i cos α sinh u), u ≥ 0.
    ///
    /// Every x = a z on it has an argument between 90° and 90° + α. There, up to 135°, Re A(x) and Re B(x) are negative for every
    /// scale a: each term of the exponent falls from the saddle point on, whatever the weights, and nothing can cancel. By its
    /// growth e^u it comes to the scale of the smallest weight that matters in a few steps.
    case hyperbola(scale: Double)

    /// Half of the 45° that are allowed, so that the strip in which the rule's error is decided is wide on both sides.
    private static let angle = 25 * Double.pi / 180
    private static let angleSine = sin(angle)
    private static let angleCosine = cos(angle)

    var scale: Double {
        switch self {
        case .gamma(let radius): radius
        case .hyperbola(let scale): scale
        }
    }

    /// Where the parameter must end.
    var end: Double {
        switch self {
        case .gamma: .pi
        case .hyperbola: 40
        }
    }

    func firstSpacing(curvature: Double) -> Double {
        switch self {
        // For a normal peak the half of this leaves 6e-16.
        case .gamma(let radius): min(0.5, 0.75 / (radius * curvature.squareRoot()))
        case .hyperbola: 0.14
        }
    }

    /// The relative difference between a spacing and its half at which the half is fine enough.
    var tolerance: Double {
        switch self {
        // Halving the spacing squares the error of a normal peak, and raises that at small t, where the ends of the contour
        // tell, to the power √2: it is now far below the difference.
        case .gamma: 1e-11
        // Halving squares the error.
        case .hyperbola: 1e-7
        }
    }

    /// (s - s₀)/scale and its derivative.
    func place(at parameter: Double) -> (real: Double, imaginary: Double, realSlope: Double, imaginarySlope: Double) {
        switch self {
        case .gamma:
            if parameter == 0 { return (0, 0, 0, 1) }
            let cotangent = 1 / tan(parameter)
            let sine = sin(parameter)
            return (parameter * cotangent - 1, parameter, cotangent - parameter / (sine * sine), 1)
        case .hyperbola:
            let growth = exp(parameter)
            let half = 1 / growth
            let (hyperbolicSine, hyperbolicCosine) = ((growth - half) / 2, (growth + half) / 2)
            return (
                Self.angleSine * (1 - hyperbolicCosine), Self.angleCosine * hyperbolicSine,
                -Self.angleSine * hyperbolicSine, Self.angleCosine * hyperbolicCosine
            )
        }
    }
}
