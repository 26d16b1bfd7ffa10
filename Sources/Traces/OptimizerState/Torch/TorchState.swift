/// The tensors and steps of a file that `torch.save` wrote, under names that say where they are: `optimizer.state.0.exp_avg`.
struct TorchState {
    private let archive: TorchArchive
    private var contents = StateContents()
    /// Dictionaries of tensors outside of optimizers, such as the model's: their names and tensors.
    private var models: [[(name: String, reference: PickleReference)]] = []
    private var optimizers: [TorchOptimizer] = []
    /// The containers that have been gone through; shared ones belong where they come first.
    private var visited: Set<PickleReference> = []
    /// How many bytes all names may still have.
    private var namesLeft = 1 << 26

    private static let mostNested = 64
    private static let mostOptimizers = 64

    static func contents(of file: TraceFile) throws(TraceError) -> StateContents {
        var state = TorchState(archive: try TorchArchive(file))
        try state.walk()
        state.nameParameters()
        return state.contents
    }

    private init(archive: TorchArchive) { self.archive = archive }

    private struct Place {
        let reference: PickleReference
        let name: String
        let depth: Int
        /// Whether it lies in an optimizer's state dictionary.
        let isOptimizer: Bool
    }

    private var objects: PickleObjects { archive.objects }

    /// Goes through everything in its order, without calling itself.
    private mutating func walk() throws(TraceError) {
        var waiting = [Place(reference: archive.root, name: "", depth: 0, isOptimizer: false)]
        while let place = waiting.popLast() {
            switch objects[place.reference] {
            case .tensor:
                if MomentName(place.name) != nil, let tensor = try archive.tensor(place.reference, named: place.name) {
                    contents.tensors.append(tensor)
                }
            case .whole(let number):
                if number >= 0, MomentName(place.name)?.role == .step { contents.steps[place.name] = number }
            case .dictionary(let number): try enter(place, children(ofDictionary: number), &waiting)
            case .list(let number): try enter(place, Self.numbered(objects.lists[Int(number)]), &waiting)
            case .tuple: try enter(place, Self.numbered(objects.tuple(place.reference) ?? []), &waiting)
            default: break
            }
        }
    }

    private typealias Child = (key: String, reference: PickleReference)

    private static func numbered(_ elements: some Sequence<PickleReference>) -> [Child] {
        elements.enumerated().map { (String($0.offset), $0.element) }
    }

    /// Those with a text or a whole number as their key.
    private func children(ofDictionary number: Int32) -> [Child] {
        let pairs = objects.lists[Int(number)]
        return stride(from: 0, to: pairs.count, by: 2).compactMap { index in
            let key = objects.text(pairs[index]) ?? objects.whole(pairs[index]).map(String.init)
            return key.map { ($0, pairs[index + 1]) }
        }
    }

    private mutating func enter(_ place: Place, _ children: [Child], _ waiting: inout [Place]) throws(TraceError) {
        guard visited.insert(place.reference).inserted else { return }
        func failure(_ found: String, _ rule: String) -> TraceError {
            archive.region.error(at: objects.position(of: place.reference), found: found, rule: rule)
        }
        guard place.depth < Self.mostNested else {
            throw failure("an object nested \(place.depth) times", "must be nested at most \(Self.mostNested - 1) times")
        }
        let optimizer = TorchOptimizer(place.reference, named: place.name, in: objects)
        if let optimizer { optimizers.append(optimizer) }
        // Each holds what its dictionaries hold, which many could share.
        guard optimizers.count <= Self.mostOptimizers else { throw failure("more than \(Self.mostOptimizers) optimizers", "must be fewer") }
        let isOptimizer = place.isOptimizer || optimizer != nil
        if !isOptimizer {
            let tensors = children.filter { if case .tensor = objects[$0.reference] { true } else { false } }
            if !tensors.isEmpty { models.append(tensors.map { (name: $0.key, reference: $0.reference) }) }
        }
        for (key, reference) in children.reversed() {
            let name = place.name.isEmpty ? key : "\(place.name).\(key)"
            switch objects[reference] {
            case .tensor, .whole, .dictionary, .list, .tuple: break
            default: continue
            }
            namesLeft -= name.utf8.count
            if namesLeft < 0 { throw failure("names of more than \(1 << 26) bytes in all", "must have fewer") }
            waiting.append(Place(reference: reference, name: name, depth: place.depth + 1, isOptimizer: isOptimizer))
        }
    }

    // MARK: Names

    private mutating func nameParameters() {
        contents.settings = StateSettings.common(optimizers.flatMap { $0.groups.map(\.settings) })
        for optimizer in optimizers {
            let model = models.lazy.compactMap { [archive] in optimizer.names(in: $0, of: archive) }.first
            let prefix = optimizers.count > 1 && !optimizer.name.isEmpty ? optimizer.name + "." : ""
            for (key, parameter) in optimizer.parameters(model ?? [:]) {
                let place = optimizer.name.isEmpty ? "state.\(key)" : "\(optimizer.name).state.\(key)"
                contents.parameters[place] = StateContents.Parameter(
                    name: prefix + parameter.name, settings: parameter.settings, step: parameter.step)
            }
        }
    }
}
