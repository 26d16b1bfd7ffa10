import Errors
import GradientStatistics
import Report
import Traces

/// β1, β2, t and ε of a saved state: what the user gives, and for the rest what the file says.
struct CheckpointSettings: Sendable {
    let betas: (beta1: Double, beta2: Double)?
    let step: Int?
    let epsilon: Double?

    /// Adam's own, in the paper and in every library.
    static let usualEpsilon = 1e-8

    /// - Throws: `ParameterError` for numbers outside their domain, and unless there are two betas.
    init(betas: [Double]?, step: Int?, epsilon: Double?) throws(ParameterError) {
        if let betas {
            guard betas.count == 2 else {
                let text = betas.map(ShortestDigits.text(of:)).joined(separator: ",")
                throw ParameterError(parameter: .betas, value: text, rule: "must be two numbers, as 0.9,0.999")
            }
            self.betas = (betas[0], betas[1])
        } else {
            self.betas = nil
        }
        self.step = step
        self.epsilon = epsilon
        _ = try MomentScales(
            beta1: self.betas?.beta1 ?? 0.9, beta2: self.betas?.beta2 ?? 0.999, epsilon: epsilon ?? Self.usualEpsilon, step: step ?? 1)
    }

    /// - Throws: `TraceError` where neither says what is needed, and where the file says what cannot be.
    func scales(of pair: MomentPair, in state: OptimizerStateFile) throws -> MomentScales {
        func failure(_ found: String, _ rule: String) -> TraceError { TraceError(path: state.path, member: pair.name, found: found, rule: rule) }
        let own = pair.settings ?? state.settings
        guard let beta1 = betas?.beta1 ?? own?.beta1, let beta2 = betas?.beta2 ?? own?.beta2 else {
            throw failure("no betas in the file", "--betas gives them")
        }
        guard let step = step ?? pair.step else { throw failure("no step in the file", "--step gives it") }
        do throws(ParameterError) {
            return try MomentScales(beta1: beta1, beta2: beta2, epsilon: epsilon ?? own?.epsilon ?? Self.usualEpsilon, step: step)
        } catch {
            // What was given has been checked.
            let option = error.parameter == .epsilon || error.parameter == .step ? "--\(error.parameter)" : "--betas"
            throw failure("\(error.parameter) \(error.value)", "\(error.rule); \(option) gives another")
        }
    }

    /// What the files say against the options, and what is left out of them.
    func notes(on states: [OptimizerStateFile]) -> [String] {
        let text = ShortestDigits.text(of:)
        func differing(_ option: String, _ given: String, _ found: [String]) -> String? {
            let others = Set(found).subtracting([given]).sorted()
            guard let first = others.first else { return nil }
            return "--\(option) \(given) is taken, though the file says \(first)" + (others.count > 1 ? " and \(others.count - 1) others" : "")
        }
        var notes: [String?] = []
        let pairs = states.flatMap { state in state.pairs.map { (pair: $0, settings: $0.settings ?? state.settings) } }
        if let betas {
            let found = pairs.compactMap { pair in
                pair.settings?.beta1.flatMap { beta1 in pair.settings?.beta2.map { "\(text(beta1)),\(text($0))" } }
            }
            notes.append(differing("betas", "\(text(betas.beta1)),\(text(betas.beta2))", found))
        }
        if let step { notes.append(differing("step", "\(step)", pairs.compactMap { $0.pair.step.map(String.init) })) }
        if let epsilon { notes.append(differing("epsilon", text(epsilon), pairs.compactMap { $0.settings?.epsilon.map(text) })) }
        let maxima = pairs.count { $0.pair.hasMaximum }
        if maxima > 0 {
            notes.append(
                "\(maxima) of \(pairs.count) tensors have a max_exp_avg_sq (AMSGrad), which their steps are divided by: here they are divided by exp_avg_sq")
        }
        let unpaired = states.flatMap(\.unpaired)
        if let first = unpaired.first {
            notes.append("\(first.prefix(60))\(unpaired.count > 1 ? " and \(unpaired.count - 1) others have" : " has") no partner and is left out")
        }
        return notes.compactMap { $0 }
    }
}

/// What is said of a state on standard error because it cannot be right.
enum CheckpointNotes {
    static func notes(on tensors: [CheckpointTensor], all: CheckpointTensor) -> [String] {
        var notes: [String] = []
        func place(_ count: (CheckpointTensor) -> Int) -> String {
            let members = tensors.filter { count($0) > 0 }
            return "\(count(all)) of \(all.updates.sums.count) coordinates (\(members[0].shortName)\(members.count > 1 ? " and \(members.count - 1) other tensors" : ""))"
        }
        if all.updates.sums.beyond > 0, let worst = tensors.filter({ $0.updates.sums.beyond > 0 }).max(by: { $0.excess < $1.excess }) {
            let (scales, digits) = (worst.scales!, { (value: Double) in CheckpointOutcome.rounded(value) })
            notes.append(
                "betas or step are wrong: \(place { $0.updates.sums.beyond }) have an |m̂|/√v̂ that no gradients give; in \(worst.shortName) it is up to "
                    + "\(digits(worst.updates.sums.largest)), and at most \(digits(scales.largest)) with betas \(ShortestDigits.text(of: scales.beta1)),"
                    + "\(ShortestDigits.text(of: scales.beta2)) at step \(scales.step)")
        }
        if all.updates.sums.negative > 0 { notes.append("\(place { $0.updates.sums.negative }) have a negative exp_avg_sq, and are left out") }
        if all.updates.sums.nonfinite > 0 { notes.append("\(place { $0.updates.sums.nonfinite }) are NaN or infinite, and are left out") }
        if all.updates.sums.underflowed > 0 {
            notes.append("\(place { $0.updates.sums.underflowed }) have an exp_avg_sq of 0 but no exp_avg of 0: their squares are too small for their format")
        }
        return notes
    }
}
