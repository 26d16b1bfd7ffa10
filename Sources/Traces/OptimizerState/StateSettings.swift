/// What an optimizer's `param_groups` say of its groups of parameters.
public struct StateSettings: Sendable, Equatable {
    /// β1 and β2 of `betas`.
    public let beta1: Double?
    public let beta2: Double?
    /// `eps`
    public let epsilon: Double?
    /// `lr`, of the step that was the next one when the file was written.
    public let learningRate: Double?
    /// `weight_decay`
    public let weightDecay: Double?
    /// Whether the largest v̂ so far takes the place of v̂.
    public let amsgrad: Bool?

    public init(
        beta1: Double? = nil, beta2: Double? = nil, epsilon: Double? = nil, learningRate: Double? = nil, weightDecay: Double? = nil,
        amsgrad: Bool? = nil
    ) {
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.learningRate = learningRate
        self.weightDecay = weightDecay
        self.amsgrad = amsgrad
    }

    /// What two groups agree on; nil for the rest.
    func common(with other: StateSettings) -> StateSettings {
        func same<Value: Equatable>(_ setting: KeyPath<StateSettings, Value?>) -> Value? {
            self[keyPath: setting] == other[keyPath: setting] ? self[keyPath: setting] : nil
        }
        return StateSettings(
            beta1: same(\.beta1), beta2: same(\.beta2), epsilon: same(\.epsilon), learningRate: same(\.learningRate),
            weightDecay: same(\.weightDecay), amsgrad: same(\.amsgrad))
    }

    /// What all of them agree on; nil without any.
    static func common(_ settings: some Collection<StateSettings>) -> StateSettings? {
        settings.first.map { first in settings.dropFirst().reduce(first) { $0.common(with: $1) } }
    }
}
