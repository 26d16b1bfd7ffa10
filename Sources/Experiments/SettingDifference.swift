/// A setting that two runs do not share.
public struct SettingDifference: Equatable, Sendable {
    /// As it is typed, such as `--beta2`; or what is no option, such as `SHA-256 of noise.npy`.
    public let name: String
    /// nil where it is not set.
    public let there: String?
    public let here: String?

    /// Of two lists of settings, by their names.
    static func all(there: [String: String], here: [String: String], but left: Set<String> = []) -> [SettingDifference] {
        Set(there.keys).union(here.keys).subtracting(left).sorted().compactMap { name in
            there[name] == here[name] ? nil : SettingDifference(name: name, there: there[name], here: here[name])
        }
    }

    /// `--beta2 is 0.9 there and 0.99 here`.
    static func text(_ differences: [SettingDifference], there: String = "there", here: String = "here") -> String {
        differences.map { "\($0.name) is \($0.there ?? "not set") \(there) and \($0.here ?? "not set") \(here)" }.joined(separator: "; ")
    }
}
