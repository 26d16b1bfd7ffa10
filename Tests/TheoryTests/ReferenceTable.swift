import Foundation
import Testing

/// A reference file of 17-digit values; an empty cell is nil.
struct ReferenceTable {
    let rows: [[String: Double]]

    init(_ name: String) throws {
        let url = try #require(Bundle.module.url(forResource: "Reference/\(name)", withExtension: "csv"))
        let lines = try String(contentsOf: url, encoding: .utf8).split(whereSeparator: \.isNewline)
        let header = lines[0].split(separator: ",").map(String.init)
        rows = lines.dropFirst().map { line in
            let cells = line.split(separator: ",", omittingEmptySubsequences: false)
            return Dictionary(
                uniqueKeysWithValues: zip(header, cells).compactMap { name, cell in Double(cell).map { (name, $0) } })
        }
        try #require(!rows.isEmpty)
    }
}

/// |value/expected - 1|; 0 where both are the same infinity or zero.
func relativeError(_ value: Double, _ expected: Double) -> Double {
    value == expected ? 0 : abs(value - expected) / abs(expected)
}
