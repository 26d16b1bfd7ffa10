import Errors
import Files
import Optimizers
import Report
import Training

/// β1 and β2 of a method.
public struct DecayRates: Hashable, Codable, Sendable, CustomStringConvertible {
    public var beta1: Double
    public var beta2: Double

    public init(beta1: Double, beta2: Double) {
        (self.beta1, self.beta2) = (beta1, beta2)
    }

    /// As they are typed: `0.9,0.999`.
    public var description: String { "\(ShortestDigits.text(of: beta1)),\(ShortestDigits.text(of: beta2))" }
}

/// A run and the names it has in tables and files.
public struct LabelledRun: Hashable, Codable, Sendable {
    /// The optimizer as it was asked for, such as `adam-warmup:200`.
    public var optimizer: String
    /// Where other runs of the method have others; nil where they tell nothing apart.
    public var betas: DecayRates?
    public var learningRate: Double
    public var plan: RunPlan

    /// The same for no other run of a grid, and fit for a file: `adam-warmup-200_lr0.0015_seed1`. A name too long for a file ends in
    /// the beginning of its SHA-256.
    public var fileName: String {
        var name = String(optimizer.map { $0.isASCII && ($0.isLetter || $0.isNumber || "-.".contains($0)) ? $0 : "-" })
        if name.count > 100 {
            let hash = SHA256()
            hash.update(Array(optimizer.utf8))
            name = name.prefix(80) + "-" + hash.hexadecimal().prefix(16)
        }
        if let betas { name += "_betas\(betas.description.replacing(",", with: "_"))" }
        return "\(name)_lr\(ShortestDigits.text(of: learningRate))_seed\(plan.seed)"
    }
}

/// A method for each stretch of steps, under one name: a row of table 3.
public struct StretchedMethod: Hashable, Sendable {
    public struct Part: Hashable, Sendable {
        public var firstStep: Int
        public var method: MethodSpecification

        public init(firstStep: Int, method: MethodSpecification) {
            self.firstStep = firstStep
            self.method = method
        }
    }

    public var name: String
    public var parts: [Part]

    public init(name: String, parts: [Part]) {
        self.name = name
        self.parts = parts
    }

    /// One method for all steps.
    public init(_ method: MethodSpecification) {
        self.init(name: method.description, parts: [Part(firstStep: 1, method: method)])
    }

    /// With this law for the r_t of every `radam-exact`, which then has it in its name.
    public func rectified(by law: RectificationLaw) -> StretchedMethod {
        let parts = parts.map { Part(firstStep: $0.firstStep, method: $0.method.rectified(by: law)) }
        if parts == self.parts { return self }
        if parts.count == 1 { return StretchedMethod(parts[0].method) }
        let name = parts.indices.map { index in
            let end = index + 1 < parts.count ? String(parts[index + 1].firstStep - 1) : ""
            return "\(parts[index].method):\(parts[index].firstStep)-\(end)"
        }
        return StretchedMethod(name: name.joined(separator: ","), parts: parts)
    }

    /// The recorded laws that a part has its r_t from.
    var recordedLaws: [RectificationLaw] {
        parts.compactMap { part in
            if case .radam(.exact(let law)) = part.method, law.digest != nil { law } else { nil }
        }
    }

    /// Reads `adam:1-4,radam:5-`: a method and its steps for each stretch, from step 1 on and without gaps; the last one is open.
    ///
    /// - Throws: `ParameterError` for text of another form, an unknown method, or steps that do not follow one another.
    public init(parsing text: String) throws(ParameterError) {
        func wrong(_ rule: String) -> ParameterError { ParameterError(parameter: .stretch, value: text, rule: rule) }
        var stretches: [Part] = []
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        var next = 1
        for (index, part) in parts.enumerated() {
            // The method's name may have colons of its own.
            guard let colon = part.lastIndex(of: ":") else { throw wrong("'\(part)' is not of the form METHOD:FIRST-LAST") }
            let range = part[part.index(after: colon)...].split(separator: "-", omittingEmptySubsequences: false)
            guard range.count == 2, let first = Int(range[0]) else {
                throw wrong("'\(part)' is not of the form METHOD:FIRST-LAST")
            }
            guard first == next else { throw wrong("'\(part)' must begin at step \(next)") }
            if index == parts.count - 1 {
                guard range[1].isEmpty else { throw wrong("the last stretch must be open, as in \(part[..<colon]):\(first)-") }
            } else {
                guard let last = Int(range[1]), last >= first else { throw wrong("'\(part)' must end at step \(first) or later") }
                guard last < TrainingGrid.longestRun else {
                    throw wrong("'\(part)' must end before step \(TrainingGrid.longestRun), the last one that a run can have")
                }
                next = last + 1
            }
            do throws(ParameterError) {
                stretches.append(Part(firstStep: first, method: try MethodSpecification(parsing: String(part[..<colon]))))
            } catch {
                throw wrong("'\(part[..<colon])': \(error.parameter == .optimizer ? "" : "\(error.parameter) \(error.value) ")\(error.rule)")
            }
        }
        self.init(name: text, parts: stretches)
    }
}

/// Optimizers × decay rates × learning rates × seeds, each a run.
public struct TrainingGrid: Sendable {
    /// The most iterations of a run, a freeze included: every one of them is kept for the tables.
    public static let longestRun = 10_000_000
    /// The most runs.
    public static let mostRuns = 10_000

    public var methods: [StretchedMethod]
    /// Those of methods that take them from here; not empty.
    public var betas: [DecayRates]
    public var learningRates: [Double]
    public var seeds: [UInt64]
    /// Updates of a run.
    public var steps: Int
    /// All numbers but the learning rate and the decay rates.
    public var settings: MethodSettings
    public var implementation: Implementation
    public var freezesParameters = false

    /// - Parameter betas: nil for those of `settings` alone.
    /// - Precondition: `betas` is not empty.
    public init(
        methods: [StretchedMethod], betas: [DecayRates]? = nil, learningRates: [Double], seeds: [UInt64], steps: Int,
        settings: MethodSettings, implementation: Implementation
    ) {
        precondition(betas?.isEmpty != true)
        self.methods = methods
        self.betas = betas ?? [DecayRates(beta1: settings.beta1, beta2: settings.beta2)]
        self.learningRates = learningRates
        self.seeds = seeds
        self.steps = steps
        self.settings = settings
        self.implementation = implementation
    }

    /// Method by method, decay rates by decay rates, learning rate by learning rate, seed by seed; a method that has no use for some decay
    /// rate runs once where only that differs.
    /// - Throws: `ParameterError` for a number outside its domain, a list in which something stands twice, more than ``mostRuns``, or
    ///   one longer than ``longestRun``.
    public func runs() throws(ParameterError) -> [LabelledRun] {
        try Self.requireDistinct(.optimizer, methods.map(\.name))
        try Self.requireDistinct(.betas, betas)
        try Self.requireDistinct(.learningRate, learningRates)
        try Self.requireDistinct(.seeds, seeds)
        guard (1...Self.longestRun).contains(steps) else {
            throw ParameterError(parameter: .steps, value: steps, rule: "must be from 1 to \(Self.longestRun)")
        }
        let cells = methods.count * betas.count * learningRates.count
        guard cells * seeds.count <= Self.mostRuns else {
            throw ParameterError(
                parameter: .seeds, value: "\(seeds.count) for \(cells) methods and rates", rule: "must not make more than \(Self.mostRuns) runs")
        }
        if freezesParameters, cells > 1 {
            throw ParameterError(
                parameter: .freezeParameters, value: "with \(cells) methods", rule: "takes one, since all see the same gradients")
        }
        var runs: [LabelledRun] = []
        for method in methods {
            let cells = try distinctCells(of: method)
            let tellsBetasApart = Set(cells.map(\.betas)).count > 1
            for cell in cells {
                for seed in seeds {
                    let plan = RunPlan(stretches: cell.stretches, seed: seed, steps: steps, freezesParameters: freezesParameters)
                    runs.append(
                        LabelledRun(
                            optimizer: method.name, betas: tellsBetasApart ? cell.betas : nil, learningRate: cell.learningRate, plan: plan))
                }
            }
        }
        return runs
    }

    private typealias Cell = (betas: DecayRates, learningRate: Double, stretches: [Stretch])

    private func distinctCells(of method: StretchedMethod) throws(ParameterError) -> [Cell] {
        var cells: [Cell] = []
        for pair in betas {
            for rate in learningRates {
                let stretches = try stretches(of: method, pair, learningRate: rate)
                // Of the same rate: decay rates that the method does not use.
                guard !cells.contains(where: { $0.learningRate == rate && $0.stretches == stretches }) else { continue }
                cells.append((pair, rate, stretches))
            }
        }
        return cells
    }

    private func stretches(
        of method: StretchedMethod, _ betas: DecayRates, learningRate: Double
    ) throws(ParameterError) -> [Stretch] {
        var settings = settings
        settings.learningRate = learningRate
        (settings.beta1, settings.beta2) = (betas.beta1, betas.beta2)
        var stretches: [Stretch] = []
        for part in method.parts {
            stretches.append(Stretch(firstStep: part.firstStep, method: try part.method.method(settings, like: implementation)))
        }
        try Stretch.validate(stretches)
        if let freeze = stretches[0].method.freeze, freeze.steps > Self.longestRun - steps {
            throw ParameterError(
                parameter: .optimizer, value: method.name,
                rule: "with \(steps) steps a run of more than \(Self.longestRun) iterations, which is too long")
        }
        return stretches
    }

    private static func requireDistinct<Value: Hashable & CustomStringConvertible>(
        _ parameter: Parameter, _ values: [Value]
    ) throws(ParameterError) {
        var seen: Set<Value> = []
        for value in values where !seen.insert(value).inserted {
            throw ParameterError(parameter: parameter, value: value, rule: "must not stand twice in the list")
        }
    }
}
