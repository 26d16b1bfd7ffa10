/// The moments of a file in pairs.
struct MatchedMoments {
    private(set) var pairs: [MomentPair] = []
    private(set) var tensors: [(first: StateTensor, second: StateTensor)] = []
    private(set) var unpaired: [String] = []

    private let contents: StateContents
    private let file: TraceFile
    private let found: [MomentName: StateTensor]

    /// - Throws: `TraceError` without any pair; for moments of a type that is not read, of another shape than their partner, or in the place of
    ///   others.
    init(_ contents: StateContents, _ file: TraceFile) throws(TraceError) {
        self.contents = contents
        self.file = file
        var found: [MomentName: StateTensor] = [:]
        for tensor in contents.tensors {
            guard let name = MomentName(tensor.name) else { continue }
            guard found.updateValue(tensor, forKey: name) == nil else { throw tensor.failure(file, "again", "must have a name of its own") }
        }
        self.found = found
        var names: Set<String> = []
        for tensor in contents.tensors {
            guard let name = MomentName(tensor.name), name.role == .first || name.role == .second else { continue }
            guard let first = found[MomentName(.first, of: name.owner)], let second = found[MomentName(.second, of: name.owner)] else {
                unpaired.append(tensor.name)
                continue
            }
            if name.role == .first { try add(name.owner, first, second, &names) }
        }
        if pairs.isEmpty {
            let missing = unpaired.first.map { "\(TraceError.quote(name: $0)) without its partner" } ?? "no moments"
            throw TraceError(path: file.path, found: missing, rule: "must have exp_avg and exp_avg_sq of a parameter, with elements")
        }
        try requireOwnPlaces()
    }

    private mutating func add(
        _ owner: MomentName.Owner, _ first: StateTensor, _ second: StateTensor, _ names: inout Set<String>
    ) throws(TraceError) {
        for moment in [first, second] where moment.format == nil {
            throw moment.failure(file, "of dtype \(moment.dtype.prefix(20))", "must be float16, bfloat16, float32 or float64")
        }
        guard first.shape == second.shape else {
            throw second.failure(
                file, "of \(TraceShape.text(second.shape))", "must be \(TraceShape.text(first.shape)), as \(TraceError.quote(name: first.name)) is")
        }
        if first.count == 0 { return }
        let parameter = contents.parameters[owner.before.last == "." && owner.after.isEmpty ? String(owner.before.dropLast()) : ""]
        let step =
            if let tensor = found[MomentName(.step, of: owner)] {
                try tensor.wholeNumber(of: file)
            } else {
                contents.steps[owner.before + "step" + owner.after] ?? parameter?.step
            }
        let short = parameter?.name ?? owner.name ?? TraceFormat.split(file.path).name
        let name = names.insert(short).inserted ? short : first.name
        names.insert(name)
        pairs.append(
            MomentPair(
                name: name, shape: first.shape, count: first.count, step: step, settings: parameter?.settings,
                hasMaximum: found[MomentName(.maximum, of: owner)] != nil))
        // Which element is which parameter's does not matter, only that both moments are the same one's.
        let isAlike = first.order == second.order && first.order.isGapless
        tensors.append(isAlike ? (first.inFileOrder(), second.inFileOrder()) : (first, second))
    }

    /// No moment lies in another: then one was named in place of the other, or the file lies about its size.
    private func requireOwnPlaces() throws(TraceError) {
        let all = tensors.flatMap { [$0.first, $0.second] }
        let placed = all.compactMap { tensor in tensor.bytes.map { (tensor: tensor, bytes: $0) } }
            .sorted { $0.bytes.lowerBound < $1.bytes.lowerBound }
        for (one, other) in zip(placed, placed.dropFirst()) where one.bytes.upperBound > other.bytes.lowerBound {
            throw other.tensor.failure(file, "in the place of \(TraceError.quote(name: one.tensor.name))", "must have a place of its own")
        }
        // Views with gaps may lie between each other, but together have no more elements than the file.
        var left = file.size
        for tensor in all {
            left -= tensor.count * (tensor.format?.size ?? 1)
            if left < 0 { throw tensor.failure(file, "in the place of others", "must have a place of its own") }
        }
    }
}
