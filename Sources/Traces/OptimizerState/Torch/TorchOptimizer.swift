/// An optimizer's `state_dict()`: a dictionary with `state` and `param_groups`.
struct TorchOptimizer {
    /// Where it is in what was saved; empty for the whole.
    let name: String
    let groups: [Group]
    /// What `state` has, by keys, which are parameters' numbers, or their names.
    private let states: [(key: PickleReference, state: PickleReference)]
    private let objects: PickleObjects

    struct Group {
        let settings: StateSettings
        /// Of all its parameters, as Apex counts.
        let step: Int?
        /// The keys of its parameters.
        let keys: [String]
        /// Their names, which newer versions may write beside.
        let names: [String]
    }

    /// - Returns: nil for what is no state dictionary of an optimizer.
    init?(_ reference: PickleReference, named name: String, in objects: PickleObjects) {
        guard let state = objects.value("state", of: reference), let groups = objects.value("param_groups", of: reference),
            case .dictionary(let stateNumber) = objects[state], case .list(let groupsNumber) = objects[groups]
        else { return nil }
        self.name = name
        self.objects = objects
        let pairs = objects.lists[Int(stateNumber)]
        states = stride(from: 0, to: pairs.count, by: 2).map { (pairs[$0], pairs[$0 + 1]) }
        self.groups = objects.lists[Int(groupsNumber)].map { Self.group($0, objects) }
    }

    private static func group(_ group: PickleReference, _ objects: PickleObjects) -> Group {
        func texts(_ key: StaticString) -> [String] {
            guard let value = objects.value(key, of: group), case .list(let number) = objects[value] else { return [] }
            return objects.lists[Int(number)].compactMap { self.key($0, objects) }
        }
        func number(_ key: StaticString) -> Double? { objects.value(key, of: group).flatMap(objects.number) }
        func truth(_ key: StaticString) -> Bool? {
            guard let value = objects.value(key, of: group), case .truth(let truth) = objects[value] else { return nil }
            return truth
        }
        var betas: [PickleReference] = []
        if let value = objects.value("betas", of: group) {
            if case .list(let number) = objects[value] { betas = objects.lists[Int(number)] } else { betas = Array(objects.tuple(value) ?? []) }
        }
        let settings = StateSettings(
            beta1: betas.count >= 2 ? objects.number(betas[0]) : nil, beta2: betas.count >= 2 ? objects.number(betas[1]) : nil,
            epsilon: number("eps"), learningRate: number("lr"), weightDecay: number("weight_decay"), amsgrad: truth("amsgrad"))
        let step = objects.value("step", of: group).flatMap(objects.whole).flatMap { $0 >= 0 ? $0 : nil }
        return Group(settings: settings, step: step, keys: texts("params"), names: texts("param_names"))
    }

    private static func key(_ reference: PickleReference, _ objects: PickleObjects) -> String? {
        objects.text(reference) ?? objects.whole(reference).map(String.init)
    }

    /// What is known of each parameter, by its key in `state`.
    /// - Parameter names: by keys; others are called by their place, `state.0`, or where the key is a name by that.
    func parameters(_ names: [String: String]) -> [(key: String, StateContents.Parameter)] {
        var members: [String: (group: Group, name: String?)] = [:]
        for group in groups {
            let hasNames = group.names.count == group.keys.count
            for (index, key) in group.keys.enumerated() { members[key] = (group, hasNames ? group.names[index] : nil) }
        }
        return states.compactMap { (reference, _) in
            guard let key = Self.key(reference, objects) else { return nil }
            let isName = if case .text = objects[reference] { true } else { false }
            let name = members[key]?.name ?? names[key] ?? (isName ? key : "state.\(key)")
            // A state of no group has the settings of all, where there is one.
            let group = members[key]?.group ?? (groups.count == 1 ? groups[0] : nil)
            return (key, StateContents.Parameter(name: name, settings: group?.settings, step: group?.step))
        }
    }

    /// The names of the parameters by their order in a model's state dictionary, by keys.
    ///
    /// - Returns: nil unless there is one group and the model's tensors, without the buffers that batch normalization keeps and without those
    ///   that come twice, are as many as the parameters, and have the shapes of their moments.
    func names(in model: [(name: String, reference: PickleReference)], of archive: TorchArchive) -> [String: String]? {
        guard groups.count == 1, let keys = groups.first?.keys, Set(keys).count == keys.count, model.count >= keys.count else { return nil }
        var places: Set<TorchArchive.Place> = []
        let tensors = model.filter { tensor in
            let last = tensor.name.split(separator: ".").last ?? ""
            guard !["running_mean", "running_var", "num_batches_tracked"].contains(last), let place = archive.place(of: tensor.reference) else {
                return false
            }
            return places.insert(place).inserted
        }
        guard tensors.count == keys.count else { return nil }
        var shapes: [String: [Int]] = [:]
        for (reference, state) in states {
            guard let key = Self.key(reference, objects), let moment = objects.value("exp_avg", of: state) else { continue }
            shapes[key] = archive.shape(of: moment)
        }
        for (key, tensor) in zip(keys, tensors) {
            if let shape = shapes[key], shape != archive.shape(of: tensor.reference) { return nil }
        }
        return Dictionary(uniqueKeysWithValues: zip(keys, tensors.map(\.name)))
    }
}
