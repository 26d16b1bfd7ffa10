/// A parameter outside the domain of a formula or of an experiment: what was given, and the rule that it breaks.
public struct ParameterError: ReportedError, Equatable {
    public let parameter: Parameter
    /// The value that was given, printed.
    public let value: String
    /// The rule it breaks, such as `must be in [0, 1)`.
    public let rule: String

    public init(parameter: Parameter, value: some CustomStringConvertible, rule: String) {
        self.parameter = parameter
        let text = value.description
        self.value = text.hasSuffix(".0") ? String(text.dropLast(2)) : text
        self.rule = rule
    }

    public var description: String { "\(parameter) \(value): \(rule)" }

    public var exitClass: ExitClass { .usage }
}

/// An error that a user can bring about: it describes itself in one line and says what kind of failure it is.
public protocol ReportedError: Error, CustomStringConvertible, Sendable {
    var exitClass: ExitClass { get }
}

/// The kinds of failure that a shell can tell apart, with the numbers of BSD's `sysexits.h`.
public enum ExitClass: Int32, Sendable {
    /// Nothing went wrong: the reader of a pipe has had enough.
    case success = 0
    /// An argument is wrong.
    case usage = 64
    /// An input file cannot be used.
    case data = 65
    /// A program such as gnuplot is missing.
    case unavailable = 69
    /// A computation does not reach its result.
    case software = 70
    /// Output cannot be written.
    case cannotCreate = 73
    /// The work was stopped before its end, and is saved: it can be gone on with.
    case unfinished = 75
}

/// The parameters that an error can name, in the words of the documentation. A program maps each to what its user typed.
public enum Parameter: String, CaseIterable, Sendable, CustomStringConvertible {
    case array
    case autocorrelation
    case batchCount
    case batchSize
    case batches
    case beta1
    case beta2
    case betas
    case bins
    case block
    case blocks
    case blocksPerStage
    case channels
    case classes
    case clippingNorm
    case columns
    case constantSteps
    case coordinates
    case dampening
    case decayFactor
    case decaySteps
    case degreesOfFreedom
    case digits
    case dropout
    case epsilon
    case epsilonSteps
    case feedForward
    case finalFactor
    case flip
    case font
    case format
    case freeze
    case freezeParameters
    case gradients
    case heads
    case height
    case histogramSteps
    case images
    case impliedByRms
    case inputChannels
    case inverseRange
    case iterations
    case label
    case labelSmoothing
    case layers
    case learningRate
    case level
    case like
    case maximumSymbols
    case means
    case milestone
    case momentum
    case momentumDecay
    case mu
    case normGuard
    case optimizer
    case points
    case preset
    case probability
    case quantiles
    case range
    case recordGradients
    case rectification
    case resume
    case rho
    case rmspropDecay
    case sampleSteps
    case scale
    case scales
    case seeds
    case shard
    case shift
    case side
    case source
    case sourceVocabulary
    case state
    case step
    case stepDecay
    case steps
    case stretch
    case targetVocabulary
    case threads
    case threshold
    case tokensPerBatch
    case trajectories
    case variance
    case warmup
    case warmupOffset
    case warmupSteps
    case weightDecay
    case weights
    case width
    case widths

    public var description: String { rawValue }
}
