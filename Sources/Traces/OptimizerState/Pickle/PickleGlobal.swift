/// The functions and classes that a pickle may name: those of tensors and plain containers. None of them is called.
enum PickleGlobal: Hashable, CustomStringConvertible {
    /// `collections.OrderedDict` and its kin, made empty and filled like a dictionary.
    case dictionary
    /// What is made of texts and numbers and is of no interest: sets, bytes, devices.
    case opaque
    /// `torch.Size`, a tuple.
    case size
    /// A class of storages, by the type of their elements; nil for bytes without a type.
    case storage(TorchType?)
    case type(TorchType)
    /// `torch._utils._rebuild_tensor` and `_v2`: storage, offset, size, strides.
    case tensor
    /// `torch._utils._rebuild_tensor_v3`: the same with a type as the seventh argument.
    case typedTensor
    /// `torch._utils._rebuild_parameter`: a tensor, and whether it has a gradient.
    case parameter
    /// `torch._tensor._rebuild_from_type_v2`: one of these functions, a class, its arguments.
    case subclass

    /// - Returns: nil for every other.
    init?(module: String, name: String) {
        switch module {
        case "collections" where ["OrderedDict", "Counter", "defaultdict"].contains(name): self = .dictionary
        case "builtins", "__builtin__":
            switch name {
            case "dict": self = .dictionary
            case "set", "frozenset", "bytearray", "bytes", "complex", "list", "tuple", "int", "float", "str", "bool": self = .opaque
            default: return nil
            }
        case "_codecs" where name == "encode": self = .opaque
        case "torch":
            if name == "Size" {
                self = .size
            } else if name == "Tensor" || name == "device" {
                self = .opaque
            } else if let type = TorchType(name: name) {
                self = .type(type)
            } else if let type = TorchType(storage: name) {
                self = .storage(type)
            } else {
                return nil
            }
        case "torch.storage" where ["UntypedStorage", "_UntypedStorage"].contains(name): self = .storage(nil)
        case "torch.nn.parameter" where name == "Parameter": self = .opaque
        case "torch.serialization" where name == "_get_layout": self = .opaque
        case "torch._utils":
            switch name {
            case "_rebuild_tensor", "_rebuild_tensor_v2": self = .tensor
            case "_rebuild_tensor_v3": self = .typedTensor
            case "_rebuild_parameter", "_rebuild_parameter_with_state": self = .parameter
            default: return nil
            }
        case "torch._tensor" where name == "_rebuild_from_type_v2": self = .subclass
        default: return nil
        }
    }

    /// For errors.
    var description: String {
        switch self {
        case .dictionary: "collections.OrderedDict"
        case .opaque: "of a class that is not read"
        case .size: "torch.Size"
        case .storage(let type): "torch.\(type?.storageName ?? "UntypedStorage")"
        case .type(let type): "torch.\(type.name)"
        case .tensor: "torch._utils._rebuild_tensor_v2"
        case .typedTensor: "torch._utils._rebuild_tensor_v3"
        case .parameter: "torch._utils._rebuild_parameter"
        case .subclass: "torch._tensor._rebuild_from_type_v2"
        }
    }
}

/// PyTorch's types of elements, by their names and those of their storages.
struct TorchType: Hashable, Sendable {
    /// Such as `float32`.
    let name: String
    /// The bytes of one element.
    let size: Int
    /// Such as `FloatStorage`; empty for types that came after the typed storages.
    let storageName: String

    private init(_ name: String, _ size: Int, _ storageName: String = "") {
        self.name = name
        self.size = size
        self.storageName = storageName
    }

    private static let all = [
        TorchType("float32", 4, "FloatStorage"), TorchType("float64", 8, "DoubleStorage"), TorchType("float16", 2, "HalfStorage"),
        TorchType("bfloat16", 2, "BFloat16Storage"), TorchType("int64", 8, "LongStorage"), TorchType("int32", 4, "IntStorage"),
        TorchType("int16", 2, "ShortStorage"), TorchType("int8", 1, "CharStorage"), TorchType("uint8", 1, "ByteStorage"),
        TorchType("bool", 1, "BoolStorage"), TorchType("complex64", 8, "ComplexFloatStorage"),
        TorchType("complex128", 16, "ComplexDoubleStorage"), TorchType("quint8", 1, "QUInt8Storage"), TorchType("qint8", 1, "QInt8Storage"),
        TorchType("qint32", 4, "QInt32Storage"), TorchType("uint16", 2), TorchType("uint32", 4), TorchType("uint64", 8),
        TorchType("complex32", 4), TorchType("float8_e4m3fn", 1), TorchType("float8_e5m2", 1), TorchType("float8_e4m3fnuz", 1),
        TorchType("float8_e5m2fnuz", 1), TorchType("float8_e8m0fnu", 1),
    ]
    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
    private static let byStorage = Dictionary(uniqueKeysWithValues: all.filter { !$0.storageName.isEmpty }.map { ($0.storageName, $0) })

    init?(name: String) {
        guard let type = Self.byName[name] else { return nil }
        self = type
    }

    init?(storage: String) {
        guard let type = Self.byStorage[storage] else { return nil }
        self = type
    }

    /// Nil for what is no floating-point number of 16 to 64 bits.
    var format: ElementFormat? {
        switch name {
        case "float16": ElementFormat(kind: .float16)
        case "bfloat16": ElementFormat(kind: .bfloat16)
        case "float32": ElementFormat(kind: .float32)
        case "float64": ElementFormat(kind: .float64)
        default: nil
        }
    }
}
