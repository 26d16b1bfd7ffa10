/// What a network learns in the training experiments.
public enum TrainingTask: String, CaseIterable, Hashable, Codable, Sendable {
    /// German to English by a Transformer (section 5.2).
    case deEn = "de-en"
    /// Masked words of one language, by the encoder alone.
    case mlm
    /// Handwritten digits by a small residual network, in place of the paper's CIFAR-10.
    case digits
}

/// How large the network, its batches and the run are.
public enum TrainingPreset: String, CaseIterable, Hashable, Codable, Sendable {
    /// What the figures show: minutes on two cores.
    case main
    /// For tests: seconds.
    case small
}
