import Files
import Foundation

/// What a person is told beside the results.
enum StandardError {
    static func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }

    /// A line of this program's, such as `varlab: note: 1 coordinate is left out`.
    static func say(_ text: String) { write("varlab: \(text)\n") }
}

/// The last words of a command that fills a folder: what came out, and which files.
enum EndOfRun {
    /// Prints the lines on standard error.
    /// - Parameters:
    ///   - lines: what came out, a finding a line.
    ///   - files: the names of the files that were written.
    static func say(_ lines: [String], files: [String], folder: String) {
        StandardError.write(text(lines, files: files, folder: folder))
    }

    static func text(_ lines: [String], files: [String], folder: String, width: Int = 100) -> String {
        let names = files.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let shown = names.prefix(longestList) + (names.count > longestList ? ["\(names.count - longestList) more"] : [])
        let words = shown.enumerated().map { $1 + ($0 + 1 < shown.count ? "," : "") }
        var wrapped = ["wrote to \(folder.hasSuffix("/") ? folder : folder + "/"):"]
        for word in words {
            if wrapped[wrapped.count - 1].count + 1 + word.count > width {
                wrapped.append("  " + word)
            } else {
                wrapped[wrapped.count - 1] += " " + word
            }
        }
        return (lines + (names.isEmpty ? [] : wrapped)).map { $0.onOneLine + "\n" }.joined()
    }

    /// More names than these are a crowd: a sweep has hundreds.
    private static let longestList = 24
}
