/// exp_avg and exp_avg_sq of one parameter: Adam's m and v before their bias correction.
public struct MomentPair: Sendable, Equatable {
    /// Of the parameter, where the file says it; else its place in the file, such as `state.0`. Unlike that of every other pair.
    public let name: String
    /// Of the parameter; empty for a single number.
    public let shape: [Int]
    /// The number of elements, at least one.
    public let count: Int
    /// The steps taken, by the file's own `step` of that parameter, or of its group as Apex's FusedAdam has it; nil where there is none.
    public let step: Int?
    /// Of the parameter's group; nil where the file has none.
    public let settings: StateSettings?
    /// Whether there is a max_exp_avg_sq too, which AMSGrad divides by in place of exp_avg_sq.
    public let hasMaximum: Bool

    package init(
        name: String, shape: [Int], count: Int, step: Int? = nil, settings: StateSettings? = nil, hasMaximum: Bool = false
    ) {
        self.name = name
        self.shape = shape
        self.count = count
        self.step = step
        self.settings = settings
        self.hasMaximum = hasMaximum
    }

    /// The shape as NumPy writes it: `shape (500, 256)`.
    public var shapeText: String { TraceShape.text(shape) }
}

/// A file with the state of an optimizer of Adam's kind.
///
/// | format | what is read |
/// | --- | --- |
/// | `.safetensors` | tensors F16, BF16, F32, F64 whose names have `exp_avg` and `exp_avg_sq` and are otherwise alike: `state.0.exp_avg`, `exp_avg.layer.weight`, `layer.weight_exp_avg` |
/// | PyTorch's `torch.save`, from version 1.6 on | the same in dictionaries and lists, however deep: an optimizer's `state_dict()`, a checkpoint that contains one or several, a plain dictionary of names; float16, bfloat16, float32, float64, with any strides |
///
/// The first bytes decide, whatever the ending. Nothing of a file is executed, and but for headers nothing is in memory.
/// A pair whose tensors have no elements, as a shard may have them, is left out.
public struct OptimizerStateFile: Sendable {
    /// As errors name it.
    public let path: String
    /// In the file's order; at least one.
    public let pairs: [MomentPair]
    /// The full names of moments whose partner is missing.
    public let unpaired: [String]
    /// What all groups of parameters agree on; nil where the file has no groups, as `.safetensors` has none.
    public let settings: StateSettings?
    private let file: TraceFile
    /// Those of each pair.
    private let tensors: [(first: StateTensor, second: StateTensor)]

    /// - Parameter path: of a file or a pipe; `-` for standard input. Both are copied to a temporary file.
    /// - Throws: ``TraceError`` when there is no such file, when it is of no format that is read, when it has no pair, and
    ///   when its headers do not agree with each other or with its size.
    public init(reading path: String) throws(TraceError) { try self.init(TraceFile.open(path)) }

    /// A file that is in memory.
    /// - Parameter name: as errors name it.
    /// - Throws: as ``init(reading:)``.
    public init(bytes: [UInt8], named name: String) throws(TraceError) { try self.init(TraceFile(path: name, bytes: bytes)) }

    private init(_ file: TraceFile) throws(TraceError) {
        let contents =
            switch try StateFormat.of(file) {
            case .safetensors: try SafetensorsState.contents(of: file)
            case .torch: try TorchState.contents(of: file)
            }
        let matched = try MatchedMoments(contents, file)
        path = file.path
        pairs = matched.pairs
        unpaired = matched.unpaired
        settings = contents.settings
        tensors = matched.tensors
        self.file = file
    }

    /// Elements `range` of a pair, widened to double precision, which is exact. May be called from several threads at once.
    ///
    /// The elements of both come in the order in which they lie in the file where both lie alike and without gaps, and else in
    /// C order: always those of one element of the parameter at the same place.
    /// - Parameters:
    ///   - index: of the pair.
    ///   - first: receives exp_avg.
    ///   - second: receives exp_avg_sq.
    /// - Throws: ``TraceError`` when the file cannot be read any more.
    /// - Precondition: there is such a pair with such elements, and both buffers have room for them.
    public func read(
        _ index: Int, _ range: Range<Int>, first: UnsafeMutableBufferPointer<Double>, second: UnsafeMutableBufferPointer<Double>
    ) throws(TraceError) {
        precondition(range.lowerBound >= 0 && range.upperBound <= pairs[index].count, "no such elements")
        precondition(first.count >= range.count && second.count >= range.count, "no room for the elements")
        if range.isEmpty { return }
        try tensors[index].first.read(range, of: file, into: first.baseAddress!)
        try tensors[index].second.read(range, of: file, into: second.baseAddress!)
    }

    /// The SHA-256 of the file's bytes, as 64 lower-case hexadecimal digits; what was not read in its order is read now.
    /// - Throws: ``TraceError`` when the file cannot be read any more, or was changed since it was opened.
    public func digest() throws(TraceError) -> String { try file.digest() }
}
