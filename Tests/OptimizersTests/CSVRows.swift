import Foundation
import Testing

/// The rows of a reference file, by the names of its columns; an empty cell is missing.
func csvRows(_ file: String) throws -> [[String: Double]] {
    let url = try #require(Bundle.module.url(forResource: "Reference/\(file)", withExtension: "csv"))
    let lines = try String(contentsOf: url, encoding: .utf8).split(whereSeparator: \.isNewline)
    let header = lines[0].split(separator: ",").map(String.init)
    let rows = lines.dropFirst().map { line in
        let cells = line.split(separator: ",", omittingEmptySubsequences: false)
        return Dictionary(uniqueKeysWithValues: zip(header, cells).compactMap { name, cell in Double(cell).map { (name, $0) } })
    }
    try #require(!rows.isEmpty)
    return rows
}
