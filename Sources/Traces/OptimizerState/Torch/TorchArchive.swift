/// A file that `torch.save` wrote, from version 1.6 on: a zip file with a pickle, `data.pkl`, and the bytes of each storage.
struct TorchArchive {
    let file: TraceFile
    let objects: PickleObjects
    /// The object that was saved.
    let root: PickleReference
    /// The pickle.
    let region: ByteRegion
    /// Of the storages, by their keys.
    private let storages: [String: ByteRegion]

    private static let largestPickle = 1 << 26

    /// - Throws: `TraceError` for a zip file of another kind, for one that a machine of the other byte order wrote, and for a pickle that does more
    ///   than to describe tensors and plain containers.
    init(_ file: TraceFile) throws(TraceError) {
        let members = try ZipDirectory.members(of: file)
        func failure(_ found: String, _ rule: String) -> TraceError { TraceError(path: file.path, found: found, rule: rule) }
        let pickles = members.filter { Self.split($0).name == "data.pkl" }
        guard let pickle = pickles.first, pickles.count == 1 else {
            throw failure("a zip file with \(pickles.count) members data.pkl", "must have one, as torch.save writes it")
        }
        let folder = Self.split(pickle).folder
        for member in members where Self.split(member) == (folder, "byteorder") {
            let order = try Self.bytes(member, atMost: 64)
            guard String(decoding: order, as: UTF8.self) == "little" else {
                throw member.error(found: "byte order \(TraceError.quote(order))", rule: "must be 'little': save it again on such a machine")
            }
        }
        var storages: [String: ByteRegion] = [:]
        for member in members where Self.split(member).folder == folder + "data/" { storages[Self.split(member).name] = member }
        (objects, root) = try PickleReader.read(Self.bytes(pickle, atMost: Self.largestPickle), of: pickle)
        self.file = file
        region = pickle
        self.storages = storages
    }

    /// A member's folder, with the slash at its end, and its name.
    private static func split(_ member: ByteRegion) -> (folder: String, name: String) {
        let name = member.member ?? ""
        guard let slash = name.utf8.lastIndex(of: UInt8(ascii: "/")) else { return ("", name) }
        let start = name.utf8.index(after: slash)
        return (String(name[..<start]), String(name[start...]))
    }

    /// All bytes of a member, inflated and checked.
    private static func bytes(_ member: ByteRegion, atMost limit: Int) throws(TraceError) -> [UInt8] {
        guard member.size <= limit else { throw member.error(found: "\(member.size) bytes", rule: "must have at most \(limit)") }
        var member = member
        // PyTorch can leave the checksums out.
        if member.checksum == 0 { member.checksum = nil }
        let reader = try RegionReader(member)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(member.size)
        while reader.position < member.size { bytes.append(contentsOf: try reader.take(unit: 1, maximum: member.size - reader.position)) }
        try reader.finish()
        return bytes
    }

    /// The shape of the tensor that an object describes; nil for an object that is none.
    func shape(of reference: PickleReference) -> [Int]? {
        guard case .tensor(_, let arguments) = objects[reference], let given = objects.tuple(arguments) else { return nil }
        return objects.tuple(given[given.startIndex + 2])?.compactMap(objects.whole)
    }

    /// The key of its storage, where it begins in that, and its shape: what two names of one tensor have in common.
    func place(of reference: PickleReference) -> Place? {
        guard case .tensor(_, let arguments) = objects[reference], let given = objects.tuple(arguments), let first = given.first,
            case .storage(let identifier) = objects[first], let parts = objects.tuple(identifier),
            let key = objects.text(parts[parts.startIndex + 2]),
            let offset = objects.whole(given[given.startIndex + 1]), let shape = shape(of: reference)
        else { return nil }
        return Place(key: key, offset: offset, shape: shape)
    }

    struct Place: Hashable {
        let key: String
        let offset: Int
        let shape: [Int]
    }

    /// The tensor that an object describes.
    /// - Returns: nil for an object that is none.
    /// - Throws: `TraceError` where its storage is missing or deflated, or where it does not lie within it.
    func tensor(_ reference: PickleReference, named name: String) throws(TraceError) -> StateTensor? {
        guard case .tensor(let function, let arguments) = objects[reference], let given = objects.tuple(arguments).map(Array.init) else { return nil }
        func failure(_ found: String, _ rule: String) -> TraceError {
            region.error(at: objects.position(of: reference), found: "tensor \(TraceError.quote(name: name)) \(found)", rule: rule)
        }
        // The shape of the arguments was looked at when they were read.
        guard case .storage(let identifier) = objects[given[0]], let parts = objects.tuple(identifier).map(Array.init),
            case .global(.storage(let storageType)) = objects[parts[1]], let key = objects.text(parts[2]), let elements = objects.whole(parts[4]),
            let offset = objects.whole(given[1]), let size = objects.tuple(given[2]), let steps = objects.tuple(given[3])
        else { return nil }
        var type = storageType
        if function == .typedTensor, case .global(.type(let given)) = objects[given[6]] { type = given }
        guard let type else { return nil }
        let shape = size.compactMap(objects.whole), strides = steps.compactMap(objects.whole)
        // Of a storage without a type the number is that of its bytes.
        let elementSize = storageType?.size ?? 1
        guard TraceShape.byteCount(shape, elementSize: type.size) != nil else {
            throw failure("of \(TraceShape.text(shape))", TraceShape.Broken.tooLarge.rule)
        }
        guard let storage = storages[key] else { throw failure("in storage '\(key)'", "there is no member data/\(key)") }
        guard !storage.isDeflated else { throw failure("in a deflated storage", "must be stored, as torch.save writes it") }
        guard elements <= storage.size / elementSize else {
            throw failure("in a storage of \(elements) elements", "member data/\(key) has \(storage.size) bytes")
        }
        let extent = ElementOrder.extent(shape: shape, strides: strides)
        guard let extent, extent == 0 || offset <= elements * elementSize / type.size - extent else {
            throw failure(
                "of \(TraceShape.text(shape)) with strides \(strides) from element \(offset) on", "its storage has \(elements * elementSize) bytes")
        }
        let position = region.position(at: objects.position(of: reference))
        func tensor(_ offset: Int, _ order: ElementOrder) -> StateTensor {
            StateTensor(
                name: name, dtype: type.name, format: type.format, shape: shape, offset: offset, order: order, position: position,
                member: region.member)
        }
        if extent == 0 { return tensor(storage.offset, ElementOrder(count: 0)) }
        let order = ElementOrder(shape: shape, strides: strides)
        guard order.isInjective else {
            throw failure("of \(TraceShape.text(shape)) with strides \(strides)", "its elements must not share their places")
        }
        return tensor(storage.offset + offset * type.size, order)
    }
}
