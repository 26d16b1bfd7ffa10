import Foundation
import Optimizers
import Testing

/// Trajectories of another implementation on one recorded trace, and the method that each row's name describes.
struct Trajectories {
    /// [step][coordinate]
    let gradients: [[Double]]
    let initial: [Double]
    /// θ_1, θ_2, … by the name of the method.
    let methods: [(name: String, parameters: [[Double]])]

    init(_ file: String) throws {
        gradients = try Self.gradients()
        let url = try #require(Bundle.module.url(forResource: "Reference/\(file)", withExtension: "csv"))
        var initial: [Double] = []
        var methods: [(name: String, parameters: [[Double]])] = []
        for line in try String(contentsOf: url, encoding: .utf8).split(whereSeparator: \.isNewline).dropFirst() {
            // A name with commas stands in quotation marks.
            let isQuoted = line.first == "\""
            let end = isQuoted ? line.dropFirst().firstIndex(of: "\"")! : line.firstIndex(of: ",")!
            let name = String(line[..<end].drop { $0 == "\"" })
            let values = line[end...].split(separator: ",").suffix(5).map { Double($0)! }
            if name == "initial" {
                initial = values
            } else if methods.last?.name == name {
                methods[methods.count - 1].parameters.append(values)
            } else {
                methods.append((name, [values]))
            }
        }
        let isComplete = initial.count == 5 && methods.allSatisfy { $0.parameters.count == 40 }
        try #require(isComplete)
        self.initial = initial
        self.methods = methods
    }

    /// `optimizer_gradients.npy`: doubles [40, 5] in C order after a header.
    static func gradients() throws -> [[Double]] {
        let url = try #require(Bundle.module.url(forResource: "Reference/optimizer_gradients", withExtension: "npy"))
        let data = try Data(contentsOf: url)
        let values = data.suffix(40 * 5 * 8).withUnsafeBytes { bytes in
            (0..<200).map { bytes.loadUnaligned(fromByteOffset: 8 * $0, as: Double.self) }
        }
        return (0..<40).map { Array(values[(5 * $0)..<(5 * $0 + 5)]) }
    }
}

extension OptimizationMethod {
    /// The method that a name such as `torch.Adam lr=0.001 betas=(0.9,0.999) eps=1e-08` describes.
    init(describedBy name: String) throws {
        let words = name.split(separator: " ")
        let title = words[0].split(separator: ".")
        let options = Dictionary(uniqueKeysWithValues: words.dropFirst().map { word in
            let parts = word.split(separator: "=")
            return (String(parts[0]), String(parts[1]))
        })
        func number(_ keys: String...) -> Double? { keys.lazy.compactMap { options[$0].flatMap(Double.init) }.first }
        func isSet(_ key: String) -> Bool { options[key] == "True" }
        let implementation = try #require(Implementation(rawValue: String(title[0])))
        var settings = MethodSettings()
        settings.learningRate = number("lr", "learning_rate")!
        settings.epsilon = number("eps") ?? settings.epsilon
        if let betas = options["betas"] {
            let values = betas.dropFirst().dropLast().split(separator: ",").map { Double($0)! }
            (settings.beta1, settings.beta2) = (values[0], values[1])
        }
        settings.beta1 = number("b1") ?? settings.beta1
        settings.beta2 = number("b2") ?? settings.beta2
        settings.weightDecay = number("weight_decay") ?? 0
        settings.isDecoupled = options["decoupled_weight_decay"].map { $0 == "True" }
        settings.rmspropDecay = number("alpha", "decay")
        settings.clippingNorm = number("clip")
        let momentum = number("momentum") ?? 0
        let specification: MethodSpecification = switch title[1].lowercased() {
        case "sgd": .sgd(momentum: momentum, isNesterov: isSet("nesterov"))
        case "rmsprop": .rmsprop(momentum: momentum, isCentred: isSet("centered"))
        case "adam": .adam
        case "adamw": number("warmup").map { .adamWarmup(.linear(steps: Int($0))) } ?? .adamW
        case "nadam": .nadam
        case "radam": .radam(.firstOrder)
        default: throw UnknownName(name: name)
        }
        self = try specification.method(settings, like: implementation)
        if let threshold = number("threshold") { rectification?.threshold = threshold }
        if let dampening = number("dampening") { self.momentum = .accumulation(decay: momentum, dampening: dampening) }
        if isSet("degenerated_to_sgd") { rectification?.before = .momentumStep }
        if let root = number("eps_root") {
            precondition(settings.epsilon == 0, "one epsilon")
            adaptiveRate?.epsilon = .constant(root)
            adaptiveRate?.placement = .underRoot
        }
    }

    struct UnknownName: Error {
        let name: String
    }
}
