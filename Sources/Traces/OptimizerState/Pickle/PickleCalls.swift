extension PickleObjects {
    /// What a call would make, without calling anything.
    /// - Throws: `TraceError` at the opcode for what is no function that is known, and for arguments that it cannot have.
    mutating func call(_ function: PickleReference, _ arguments: PickleReference, _ input: PickleInput) throws(TraceError) -> PickleReference {
        guard case .global(let global) = self[function], let given = tuple(arguments) else {
            throw input.failure("a call of \(self[function].kind) with \(self[arguments].kind)", "must be of a global with a tuple")
        }
        func refused(_ rule: String) -> TraceError { input.failure("arguments of \(global)", rule) }
        let first = given.first
        switch global {
        case .dictionary:
            // A Counter of a dictionary is that dictionary; defaultdict has the function that makes its values.
            if let first, case .dictionary = self[first], given.count == 1 { return first }
            if let first {
                guard given.count == 1, case .global = self[first] else { throw refused("must be none: what it holds comes as items") }
            }
            return addDictionary(at: input.opcodePosition)
        case .opaque: return .opaque
        case .size:
            guard let first, given.count == 1, case .tuple = self[first] else { throw refused("must be a tuple") }
            return first
        case .tensor, .typedTensor:
            try checkTensor(global, given, input)
            return add(.tensor(global, arguments), at: input.opcodePosition)
        case .parameter:
            guard let first, case .tensor = self[first] else { throw refused("must begin with a tensor") }
            return first
        case .subclass:
            // The function, the class, the function's arguments, attributes.
            guard given.count >= 3, let first, case .global(let inner) = self[first], inner == .tensor || inner == .typedTensor else {
                throw refused("must begin with a function that makes a tensor")
            }
            return try call(first, given[given.startIndex + 2], input)
        case .storage, .type: throw input.failure("a call of the global \(global)", "must be of a function")
        }
    }

    /// The tuple that `persistent_load` gets: 'storage', its class, its key, where it was, its number of elements.
    func checkStorage(_ identifier: PickleReference, _ input: PickleInput) throws(TraceError) {
        guard let parts = tuple(identifier).map(Array.init), parts.count >= 5, text(parts[0]) == "storage", case .global(.storage) = self[parts[1]],
            let key = text(parts[2]), key.utf8.count <= 256, let count = whole(parts[4]), count >= 0
        else {
            throw input.failure("a persistent object", "must be ('storage', class, key, place, number of elements)")
        }
    }

    private static let mostAxes = 64

    private func checkTensor(_ global: PickleGlobal, _ arguments: ArraySlice<PickleReference>, _ input: PickleInput) throws(TraceError) {
        let given = Array(arguments)
        func refused(_ rule: String) -> TraceError { input.failure("arguments of \(global)", rule) }
        guard given.count >= (global == .typedTensor ? 7 : 4) else { throw refused("must be storage, offset, size, strides…") }
        guard case .storage(let identifier) = self[given[0]], let parts = tuple(identifier),
            case .global(.storage(let type)) = self[parts[parts.startIndex + 1]]
        else { throw refused("must begin with a storage") }
        if global == .typedTensor {
            guard case .global(.type) = self[given[6]] else { throw refused("the seventh must be a type of elements") }
        } else if type == nil {
            throw refused("the storage must have a type of elements")
        }
        guard let offset = whole(given[1]), offset >= 0 else { throw refused("the offset must be a whole number, not negative") }
        guard let size = tuple(given[2]), let strides = tuple(given[3]), size.count == strides.count, size.count <= Self.mostAxes,
            (Array(size) + Array(strides)).allSatisfy({ (whole($0) ?? -1) >= 0 })
        else { throw refused("size and strides must be as many whole numbers, not negative, at most \(Self.mostAxes)") }
    }
}
