/// Whose optimizer of a name is meant: where ε goes, when rectification begins and what happens before, how weights decay.
///
/// |                       | paper       | authors     | torch                    | optax            |
/// | --------------------- | ----------- | ----------- | ------------------------ | ---------------- |
/// | ε of Adam             | to √v_t     | to √v_t     | to √v̂_t                 | to √v̂_t         |
/// | ε of RAdam            | to √v_t     | to √v_t     | to √v_t                  | to √v̂_t         |
/// | ε of RMSProp          | to √v_t     | to √v_t     | to √v_t                  | under the root   |
/// | RAdam rectifies from  | ρ_t > 4     | ρ_t ≥ 5     | ρ_t > 5                  | ρ_t ≥ 5          |
/// | before that           | momentum    | no update   | momentum                 | momentum         |
/// | weight decay          | decoupled   | decoupled   | coupled (AdamW: not)     | decoupled        |
/// | momentum of SGD       | average m̂_t | accumulated | accumulated              | accumulated      |
/// | NAdam looks ahead     | constant β1 | constant β1 | scheduled μ_t            | constant β1      |
/// | 1-β^t                | to the digit | rounded β^t | rounded β^t             | rounded β^t      |
/// | clipping guard        | 0           | 1e-6        | 1e-6                     | 0                |
/// | RMSProp's β2 unasked  | Adam's β2   | Adam's β2   | 0.99                     | 0.9              |
/// | AdamW's λ unasked     | 0           | 0           | 0.01                     | 1e-4             |
///
/// Read off PyTorch 2.13, optax 0.2.8 and the authors' repository (LiyuanLucasLiu/RAdam, with its default
/// degenerated_to_sgd = false); for NAdam and RMSProp, which the paper only names, its column completes the notation of section 2.
/// optax has no weight decay in most of its optimizers; what its `add_decayed_weights` does is meant.
///
/// Unasked, λ is 0 but for AdamW, β1 is 0.9, β2 is 0.999 and ε is 1e-8, as in all of them. The step size is 0.001 for every method,
/// as in the paper and the authors' code; PyTorch's own is 0.002 for NAdam and 0.01 for RMSProp, and optax has none.
public enum Implementation: String, CaseIterable, Hashable, Codable, Sendable {
    case paper, authors, torch, optax

    /// λ of AdamW where nobody has asked for one. The paper has no AdamW and the authors' has 0: theirs are then Adam.
    public var weightDecayOfAdamW: Double {
        switch self {
        case .paper, .authors: 0
        case .torch: 0.01
        case .optax: 1e-4
        }
    }

    /// β2 of RMSProp where nobody has asked for one; nil where it is that of Adam.
    public var rmspropDecay: Double? {
        switch self {
        case .paper, .authors: nil
        case .torch: 0.99
        case .optax: 0.9
        }
    }
}

/// The numbers that an optimizer is called with.
public struct MethodSettings: Hashable, Codable, Sendable {
    /// α.
    public var learningRate = 0.001
    /// β1; SGD and RMSProp have a momentum of their own.
    public var beta1 = 0.9
    /// β2.
    public var beta2 = 0.999
    /// ε.
    public var epsilon = 1e-8
    /// λ; nil for what the implementation does by default: 0 but for AdamW.
    public var weightDecay: Double?
    /// Decoupled or coupled whatever the implementation does by default; nil leaves it to that.
    public var isDecoupled: Bool?
    /// β2 of RMSProp where it differs.
    public var rmspropDecay: Double?
    public var stepDecay = StepDecay.constant
    /// The largest norm of a gradient; nil for no clipping.
    public var clippingNorm: Double?
    /// Adam-Nk's `Freeze.restartsMomentumCorrection`.
    public var restartsMomentumCorrection = false

    public init() {}
}
