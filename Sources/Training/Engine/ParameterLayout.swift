import Simulation

/// Where each tensor of a network is in the one flat buffer of its parameters, and in that of its gradients.
public struct ParameterLayout: Sendable, Equatable {
    /// One tensor, row-major.
    public struct Tensor: Sendable, Equatable {
        /// Such as `enc.0.qkv.w`.
        public let name: String
        public let shape: [Int]
        /// The index of its first number in the buffer.
        public let offset: Int
        public var count: Int { shape.reduce(1, *) }
        public var range: Range<Int> { offset..<offset + count }
        /// How its numbers are drawn; see ``ParameterInitialization``.
        public let initialization: ParameterInitialization
    }

    /// In the buffer's order, without gaps.
    public private(set) var tensors: [Tensor] = []
    /// How many numbers the buffer has.
    public private(set) var count = 0

    public init() {}

    /// The tensor of this name, or nil.
    public subscript(name: String) -> Tensor? { tensors.first { $0.name == name } }

    /// Appends a tensor and returns its offset.
    package mutating func add(_ name: String, _ shape: [Int], _ initialization: ParameterInitialization) -> Int {
        let tensor = Tensor(name: name, shape: shape, offset: count, initialization: initialization)
        tensors.append(tensor)
        count += tensor.count
        return tensor.offset
    }

    /// Every parameter as its tensor's ``Tensor/initialization`` draws it. The draws of a tensor depend on the seed and on the
    /// tensor's place in the layout only.
    public func initialParameters<Scalar: TrainingScalar>(seed: UInt64, as type: Scalar.Type) -> [Scalar] {
        var parameters: [Scalar] = []
        parameters.reserveCapacity(count)
        for (index, tensor) in tensors.enumerated() {
            let stream = RandomPurpose.initialization.trajectory(index)
            parameters += tensor.initialization.values(seed: seed, trajectory: stream, count: tensor.count).map(Scalar.init)
        }
        return parameters
    }
}

/// How a tensor's numbers are drawn before training.
public enum ParameterInitialization: Sendable, Equatable {
    case zeros
    case ones
    /// N(0, σ²).
    case normal(standardDeviation: Double)
    /// Uniform on (-`bound`, `bound`).
    case uniform(bound: Double)

    /// Glorot and Bengio's uniform law for a weight [`outputs`, `inputs`]: the bound is √(6/(inputs + outputs)).
    ///
    /// The stacked weights of query, key and value [3d, d] are one such tensor, bound √(6/4d), as PyTorch's
    /// `MultiheadAttention` has it; fairseq draws the three apart with gain 1/√2, which is the same law.
    public static func xavierUniform(inputs: Int, outputs: Int) -> ParameterInitialization {
        .uniform(bound: (6 / Double(inputs + outputs)).squareRoot())
    }

    /// He et al.'s normal law for a layer before a rectifier: σ = √(2/inputs).
    public static func heNormal(inputs: Int) -> ParameterInitialization {
        .normal(standardDeviation: (2 / Double(inputs)).squareRoot())
    }

    // This law has no parameter that could be outside its domain.
    private static let unitVariance = try! GradientSource(.uniform)

    func values(seed: UInt64, trajectory: Int, count: Int) -> [Double] {
        switch self {
        case .zeros: return [Double](repeating: 0, count: count)
        case .ones: return [Double](repeating: 1, count: count)
        case .normal(let standardDeviation):
            return NoiseStream.normals(seed: seed, trajectory: trajectory, count: count).map { $0 * standardDeviation }
        case .uniform(let bound):
            // Uniform on (-√3, √3).
            let scale = bound / 3.0.squareRoot()
            return NoiseStream.values(of: Self.unitVariance, seed: seed, trajectory: trajectory, count: count).map { $0 * scale }
        }
    }
}
