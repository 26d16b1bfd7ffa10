import Foundation

/// A reference file of values to 17 digits, which stands with the script that made it; an empty cell is missing.
public struct ReferenceTable {
    public let rows: [[String: Double]]

    /// - Parameters:
    ///   - name: the file's, without its ending.
    ///   - folder: where it is, in `Tests`.
    public init(_ name: String, in folder: String = "TheoryTests/Reference") throws {
        let file = Repository.tests.appending(path: folder).appending(path: name + ".csv")
        rows = try CSVText(String(contentsOf: file, encoding: .utf8)).rows.map { $0.compactMapValues(Double.init) }
        precondition(!rows.isEmpty, "no rows in \(file.path)")
    }
}

/// The rows of a CSV without quotes, by the names of the columns.
public struct CSVText {
    public let header: [String]
    public let rows: [[String: String]]

    public init(_ text: String) {
        let lines = text.split(whereSeparator: \.isNewline)
        let header = (lines.first ?? "").split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        self.header = header
        rows = lines.dropFirst().map { line in
            let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            return Dictionary(zip(header, cells)) { first, _ in first }
        }
    }
}

/// |value/expected - 1|; 0 where both are the same infinity or zero.
public func relativeError(_ value: Double, _ expected: Double) -> Double {
    value == expected ? 0 : abs(value - expected) / abs(expected)
}
