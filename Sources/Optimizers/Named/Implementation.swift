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
///
/// Read off PyTorch 2.13, optax 0.2.8 and the authors' repository (LiyuanLucasLiu/RAdam, with its default
/// degenerated_to_sgd = false); for NAdam and RMSProp, which the paper only names, its column completes the notation of section 2.
/// optax has no weight decay in most of its optimizers; what its `add_decayed_weights` does is meant.
public enum Implementation: String, CaseIterable, Hashable, Codable, Sendable {
    case paper, authors, torch, optax
}
