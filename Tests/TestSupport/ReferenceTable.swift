import Foundation

/// A reference file of values to 17 digits, which stands with the script that made it; an empty cell is missing.
public struct ReferenceTable {
    public let rows: [[String: Double]]
    /// The same with every cell as it stands.
    public let text: [[String: String]]

    /// - Parameters:
    ///   - name: the file's, without its ending.
    ///   - folder: where it is, in `Tests`.
    public init(_ name: String, in folder: String = "TheoryTests/Reference") throws {
        let file = Repository.tests.appending(path: folder).appending(path: name + ".csv")
        text = try CSVText(String(contentsOf: file, encoding: .utf8)).rows
        rows = text.map { $0.compactMapValues(Double.init) }
        precondition(!rows.isEmpty, "no rows in \(file.path)")
    }
}

/// The rows of a CSV without line breaks in its cells, by the names of the columns.
public struct CSVText {
    public let header: [String]
    public let rows: [[String: String]]

    public init(_ text: String) {
        let lines = text.split(whereSeparator: \.isNewline)
        let header = Self.cells(lines.first ?? "")
        self.header = header
        rows = lines.dropFirst().map { line in
            Dictionary(zip(header, Self.cells(line))) { first, _ in first }
        }
    }

    private static func cells(_ line: Substring) -> [String] {
        var cells = [""]
        var isQuoted = false
        for character in line {
            switch character {
            case "\"": isQuoted.toggle()
            case "," where !isQuoted: cells.append("")
            default: cells[cells.count - 1].append(character)
            }
        }
        return cells
    }
}

/// |value/expected - 1|; 0 where both are the same infinity or zero.
public func relativeError(_ value: Double, _ expected: Double) -> Double {
    value == expected ? 0 : abs(value - expected) / abs(expected)
}
