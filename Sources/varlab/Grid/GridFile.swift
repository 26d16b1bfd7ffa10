import Files
import Yams

/// A grid of simulations as a YAML file has it: settings by the names of their options. A value is what stands behind the option; a list
/// makes a run for each of its values, and several lists one for each combination.
struct GridFile {
    /// In the order of the file.
    let settings: [(name: String, values: [String])]
    /// Of the table of all results; nil for a choice of them.
    let steps: [Int]?

    static let names = [
        "autocorrelation", "batches", "beta1", "beta2", "block", "epsilon", "gradients", "histogram-steps", "iterations", "means", "mu", "scales", "seed",
        "trajectories", "update",
    ]
    static let mostRuns = 10_000
    private static let mostBytes = 1 << 17

    /// - Throws: `InputError` for what cannot be read, is no YAML, or has a key that is no setting.
    init(_ path: String) throws {
        let file = try ReadableFile.open(path)
        guard file.size <= Self.mostBytes else {
            throw InputError(path: file.path, found: "has \(file.size) bytes", rule: "must have at most 128 KiB")
        }
        try self.init(String(decoding: file.bytes(), as: UTF8.self), path: file.path)
    }

    /// - Parameter path: as errors name it.
    init(_ text: String, path: String) throws {
        var settings: [(name: String, values: [String])] = []
        var steps: [Int]?
        var count = 1
        for (key, value) in try Self.mapping(text, path) {
            guard let name = key.scalar?.string else { throw Self.refused(path, key, "a list", "must be the name of a setting") }
            func refused(_ rule: String) -> InputError { Self.refused(path, key, name, rule) }
            if name == "steps" {
                guard let text = value.scalar?.string else { throw refused("must be steps as behind an option: 5,100,1000") }
                do { steps = try Lists.steps(text) } catch { throw refused(Varlab.message(for: error)) }
                continue
            }
            guard Self.names.contains(name) else {
                throw refused("is no setting of a simulation; these are \(Self.names.joined(separator: ", ")), and steps of the table")
            }
            let values = (value.sequence.map(Array.init) ?? [value]).compactMap { $0.scalar?.string }
            guard !values.isEmpty, values.count == value.sequence?.count ?? 1, !values.contains("") else {
                throw refused("must be a value, or a list of them")
            }
            if name == "update", !Set(values).isSubset(of: ["true", "false"]) { throw refused("must be true or false") }
            if let twice = values.indices.first(where: { values[..<$0].contains(values[$0]) }) { throw refused("has \(values[twice]) twice") }
            // Neither of the two is more than the file's bytes or the limit.
            count *= values.count
            guard count <= Self.mostRuns else { throw refused("makes more than \(Self.mostRuns) runs of all lists") }
            settings.append((name, values))
        }
        (self.settings, self.steps) = (settings, steps)
    }

    /// The keys and values of the text's only mapping; none of an empty text.
    private static func mapping(_ text: String, _ path: String) throws(InputError) -> Node.Mapping {
        // No setting has one, and names for parts of the text could make it exponentially long.
        if text.utf8.contains(UInt8(ascii: "&")) { throw InputError(path: path, found: "has an &", rule: "must be without anchors") }
        do {
            guard let node = try Yams.compose(yaml: text) else { return [:] }
            if let mapping = node.mapping { return mapping }
            if node.scalar?.string == "" { return [:] }
            throw refused(path, node, "a list or a text", "must be settings, a line each: NAME: VALUE")
        } catch let error as InputError {
            throw error
        } catch {
            let (line, problem) = description(of: error)
            throw InputError(path: path, at: line.map { .line($0) }, found: "is not YAML", rule: problem)
        }
    }

    private static func description(of error: any Error) -> (line: Int?, problem: String) {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _): (mark.line, problem)
        case .reader(let problem, _, _, _): (nil, problem)
        case .duplicatedKeysInMapping(let keys, let context): (context.mark.line, "\(keys.joined(separator: ", ")) stands there twice")
        default: (nil, "\(error)")
        }
    }

    private static func refused(_ path: String, _ node: Node, _ found: String, _ rule: String) -> InputError {
        InputError(path: path, at: node.mark.map { .line($0.line) }, found: found, rule: rule)
    }
}

extension GridFile {
    /// One of the runs.
    struct Run {
        /// Of its folder: its number and what tells it from the others.
        let name: String
        /// All settings, by their names.
        let settings: [(name: String, value: String)]

        /// As `simulate` takes them.
        var arguments: [String] {
            settings.flatMap { setting -> [String] in
                if setting.name == "update" { return setting.value == "true" ? ["--update"] : [] }
                return ["--\(setting.name)", setting.value]
            }
        }
    }

    /// The settings with more than one value, which tell the runs apart.
    var varied: [String] { settings.filter { $0.values.count > 1 }.map(\.name) }

    /// The product of all lists; the last setting varies fastest.
    var runs: [Run] {
        let count = settings.reduce(1) { $0 * $1.values.count }
        let width = String(count).count
        return (0..<count).map { number in
            var (rest, chosen) = (number, [(name: String, value: String)]())
            for setting in settings.reversed() {
                chosen.insert((setting.name, setting.values[rest % setting.values.count]), at: 0)
                rest /= setting.values.count
            }
            let digits = String(number + 1)
            let words = chosen.filter { varied.contains($0.name) }.map { "-\($0.name)=\($0.value)" }.joined()
            return Run(name: String(repeating: "0", count: width - digits.count) + digits + Self.plain(words), settings: chosen)
        }
    }

    /// A name of a file in every system, and no longer than one may be.
    private static func plain(_ text: String) -> String {
        let kept = text.unicodeScalars.map { scalar -> Character in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", ".", "=", "+", "-": Character(scalar)
            default: "_"
            }
        }
        return String(kept.prefix(120))
    }
}
