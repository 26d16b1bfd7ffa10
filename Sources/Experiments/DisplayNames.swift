import Optimizers
import Report

/// A method's name as people write it, from its name as it is written on the command line: `adam-warmup:200` as
/// "Adam, warmup 200". Several methods, joined by " / ", each get theirs, and the stretches `adam:1-4,radam:5-` of one run are
/// "Adam (1–4) / RAdam"; any other text stays as it is.
public func displayName(ofMethod name: String) -> String {
    if let stretched = try? StretchedMethod(parsing: name) { return stretched.displayName }
    return name.split(separator: "/", omittingEmptySubsequences: false).map { part in
        let trimmed = part.drop { $0 == " " }
        let core = String(trimmed.reversed().drop { $0 == " " }.reversed())
        guard let specification = try? MethodSpecification(parsing: core) else { return String(part) }
        return String(part).replacing(core, with: specification.displayName)
    }.joined(separator: "/")
}

/// A method's name for a figure, in enhanced text. A user's `--label` for the command line's name takes its place.
func methodLabel(_ name: String) -> String {
    FigureLabel.marked(name, GnuplotScript.escaped(displayName(ofMethod: name)))
}

extension StretchedMethod {
    /// Each method with its steps; the last one goes on to the end.
    fileprivate var displayName: String {
        parts.indices.map { index in
            let name = parts[index].method.displayName
            return index + 1 < parts.count ? "\(name) (\(parts[index].firstStep)–\(parts[index + 1].firstStep - 1))" : name
        }.joined(separator: " / ")
    }
}

extension MethodSpecification {
    /// The name as people write it: "SGD, momentum 0.9", "Adam-2k", "RAdam".
    ///
    /// Adam-2k is the paper's name of a freeze of 2000 iterations; another length is said: "Adam, freeze 500".
    public var displayName: String {
        switch self {
        case .sgd(let momentum, false): momentum == 0 ? "SGD" : "SGD, momentum \(Self.text(momentum))"
        case .sgd(let momentum, true): "Nesterov, momentum \(Self.text(momentum))"
        case .rmsprop(let momentum, let isCentred):
            (isCentred ? "RMSProp, centred" : "RMSProp") + (momentum == 0 ? "" : ", momentum \(Self.text(momentum))")
        case .adam, .adamWarmup(.none): "Adam"
        case .adamW: "AdamW"
        case .nadam: "Nadam"
        case .radam(.firstOrder): "RAdam"
        case .radam(.closedForm): "RAdam, closed form"
        case .radam(.exact(let law)): "RAdam, exact law" + (law == .normal ? "" : " of " + Self.text(law))
        case .adamEpsilon(.constant(let epsilon)): "Adam-eps \(Self.text(epsilon))"
        case .adamEpsilon(.linear(let first, let last, let steps)):
            "Adam-eps \(Self.text(first)) to \(Self.text(last)) in \(steps), linear"
        case .adamEpsilon(.geometric(let first, let last, let steps)):
            "Adam-eps \(Self.text(first)) to \(Self.text(last)) in \(steps)"
        case .adamFreeze(let steps): steps == 2000 ? "Adam-2k" : "Adam, freeze \(steps)"
        case .adamWarmup(.linear(let steps, _)): "Adam, warmup \(steps)"
        case .adamWarmup(.untunedLinear): "Adam, untuned linear"
        case .adamWarmup(.untunedExponential): "Adam, untuned exponential"
        case .adamWarmup(.rectification): "Adam, rectified warmup"
        }
    }

    /// The gradients whose law it is.
    private static func text(_ law: RectificationLaw) -> String {
        if law.autocorrelation != 0 { return "autocorrelation \(text(law.autocorrelation))" }
        return switch law.gradients {
        case .normal: "normal"
        case .studentT(let nu): "Student's t, \(text(nu)) df"
        case .laplace: "Laplace"
        case .uniform: "uniform"
        case .logistic: "logistic"
        case .mixture(let share, let deviation): "mixture \(text(share)), \(text(deviation))"
        case .recorded: "the trace"
        }
    }

    /// A number as people write it: 0.9, 1e-3, 1e-8; small ones with an exponent.
    private static func text(_ value: Double) -> String {
        let shortest = ShortestDigits.text(of: value)
        guard value != 0, abs(value) < 0.01, !shortest.contains("e") else { return shortest.replacing("e-0", with: "e-") }
        // Digits and exponent of a short decimal fraction such as 0.0015.
        let digits = shortest.drop { "-0.".contains($0) }
        let exponent = shortest.split(separator: ".")[1].prefix { $0 == "0" }.count + 1
        let mantissa = digits.count == 1 ? String(digits) : "\(digits.first!).\(digits.dropFirst())"
        return "\(value < 0 ? "-" : "")\(mantissa)e-\(exponent)"
    }
}
