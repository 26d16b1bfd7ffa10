/// What a tensor in an optimizer's state is, by its name, and whose it is.
///
/// The word `exp_avg`, `exp_avg_sq`, `max_exp_avg_sq` or `step` may stand anywhere in the name; the rest is the parameter's.
struct MomentName: Hashable {
    enum Role: Hashable { case first, second, maximum, step }

    let role: Role
    /// Of the parameter: what stands before the word and after it.
    let owner: Owner

    struct Owner: Hashable {
        let before: String
        let after: String

        /// Both without the marks that set the word off; nil where nothing is left.
        var name: String? {
            let head = before.dropLast { !isLetterOrDigit($0) }
            let tail = after.dropFirst { !isLetterOrDigit($0) }
            if head.isEmpty || tail.isEmpty { return head.isEmpty && tail.isEmpty ? nil : head + tail }
            return head + (before.last.map(String.init) ?? ".") + tail
        }
    }

    init(_ role: Role, of owner: Owner) {
        self.role = role
        self.owner = owner
    }

    /// - Returns: nil for what is none of them, such as Adafactor's `exp_avg_sq_row`.
    init?(_ name: String) {
        if let found = Self.split(name, at: "exp_avg") {
            var (before, after) = found
            var role = Role.first
            if after.hasPrefix("_sq") {
                after = String(after.dropFirst(3))
                role = .second
                if before.hasSuffix("max_") {
                    before = String(before.dropLast(4))
                    role = .maximum
                }
            }
            // Where a number follows, as in exp_avg_0, the rest is the parameter's; where a word does, the whole is another quantity.
            let next = after.first
            guard next.map({ !isLetterOrDigit($0) && $0 != "_" }) ?? true || (next == "_" && after.dropFirst().first?.isNumber ?? false) else {
                return nil
            }
            self.role = role
            owner = Owner(before: before, after: after)
        } else if let (before, after) = Self.split(name, at: "step"), !(after.first.map(isLetterOrDigit) ?? false) {
            role = .step
            owner = Owner(before: before, after: after)
        } else {
            return nil
        }
    }

    /// The parts of a name around the last place at which a word begins.
    private static func split(_ name: String, at word: String) -> (before: String, after: String)? {
        let bytes = Array(name.utf8), wanted = Array(word.utf8)
        guard bytes.count >= wanted.count else { return nil }
        for start in stride(from: bytes.count - wanted.count, through: 0, by: -1) where bytes[start...].starts(with: wanted) {
            let before = String(decoding: bytes[..<start], as: UTF8.self)
            if let last = before.last, isLetterOrDigit(last) { continue }
            return (before, String(decoding: bytes[(start + wanted.count)...], as: UTF8.self))
        }
        return nil
    }
}

private func isLetterOrDigit(_ character: Character) -> Bool { character.isLetter || character.isNumber }

extension String {
    fileprivate func dropLast(_ isDropped: (Character) -> Bool) -> String {
        String(self[..<(lastIndex { !isDropped($0) }.map(index(after:)) ?? startIndex)])
    }

    fileprivate func dropFirst(_ isDropped: (Character) -> Bool) -> String { String(drop(while: isDropped)) }
}
