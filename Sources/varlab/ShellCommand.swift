import Files

/// A command in the words of a shell.
enum ShellCommand {
    /// The command without what does not decide its results: where they go, what they replace, how many threads make them, what
    /// is shown meanwhile. As it stands it can be given to a shell.
    static func deciding(_ arguments: [String]) -> String {
        var kept: [String] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if argument == "--" {
                // From here on nothing is an option.
                kept += [argument] + rest
                break
            }
            let name = argument.split(separator: "=", maxSplits: 1).first.map(String.init) ?? argument
            if flags.contains(argument) { continue }
            if options.contains(name) {
                if name == argument { _ = rest.popFirst() }
            } else if let letters = shortNames(name) {
                // `-q`, `-o out`, `-o=out`, `-qo out`.
                if letters.contains("o"), name == argument { _ = rest.popFirst() }
            } else {
                kept.append(argument)
            }
        }
        return kept.map(\.quotedForShell).joined(separator: " ")
    }

    /// This very command, with `--resume`.
    static func goingOn(resumes: Bool) -> String {
        (CommandLine.arguments + (resumes ? [] : ["--resume"])).map(\.quotedForShell).joined(separator: " ")
    }

    private static let flags: Set = ["--force", "--quiet", "--resume", "--pdf"]
    private static let options: Set = ["--output", "--threads", "--max-time"]

    /// The letters of `-q`, `-o` or both; nil for anything else.
    private static func shortNames(_ argument: String) -> Substring? {
        guard argument.hasPrefix("-"), argument.count > 1 else { return nil }
        let letters = argument.dropFirst()
        return letters.allSatisfy { $0 == "q" || $0 == "o" } ? letters : nil
    }
}
