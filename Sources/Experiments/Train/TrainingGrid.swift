import Errors
import Optimizers
import Theory
import Training

/// Optimizers × learning rates × seeds, each a run.
public struct TrainingGrid: Sendable {
    /// A method for each stretch of steps, under one name: a row of table 3.
    public struct StretchedMethod: Hashable, Sendable {
        public var name: String
        public var stretches: [(firstStep: Int, method: MethodSpecification)]

        public init(name: String, stretches: [(firstStep: Int, method: MethodSpecification)]) {
            self.name = name
            self.stretches = stretches
        }

        public init(_ method: MethodSpecification) {
            self.init(name: method.description, stretches: [(1, method)])
        }

        public static func == (a: Self, b: Self) -> Bool { a.name == b.name }
        public func hash(into hasher: inout Hasher) { hasher.combine(name) }
    }

    public var methods: [StretchedMethod]
    public var learningRates: [Double]
    public var seeds: [UInt64]
    /// Updates of a run.
    public var steps: Int
    /// All numbers but the learning rate.
    public var settings: MethodSettings
    public var implementation: Implementation
    public var freezesParameters = false

    public init(
        methods: [StretchedMethod], learningRates: [Double], seeds: [UInt64], steps: Int, settings: MethodSettings,
        implementation: Implementation
    ) {
        self.methods = methods
        self.learningRates = learningRates
        self.seeds = seeds
        self.steps = steps
        self.settings = settings
        self.implementation = implementation
    }

    /// Method by method, learning rate by learning rate, seed by seed.
    /// - Throws: `ParameterError` for a number outside its domain, or a list in which something stands twice.
    public func runs() throws(ParameterError) -> [LabelledRun] {
        try Self.requireDistinct(.optimizer, methods.map(\.name))
        try Self.requireDistinct(.learningRate, learningRates)
        try Self.requireDistinct(.seeds, seeds)
        guard steps >= 1 else { throw ParameterError(parameter: .steps, value: steps, rule: "must be at least 1") }
        var runs: [LabelledRun] = []
        for method in methods {
            for rate in learningRates {
                var settings = settings
                settings.learningRate = rate
                var stretches: [Stretch] = []
                for stretch in method.stretches {
                    stretches.append(
                        Stretch(firstStep: stretch.firstStep, method: try stretch.method.method(settings, like: implementation)))
                }
                try Stretch.validate(stretches)
                for seed in seeds {
                    let plan = RunPlan(stretches: stretches, seed: seed, steps: steps, freezesParameters: freezesParameters)
                    runs.append(LabelledRun(optimizer: method.name, learningRate: rate, plan: plan))
                }
            }
        }
        return runs
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
