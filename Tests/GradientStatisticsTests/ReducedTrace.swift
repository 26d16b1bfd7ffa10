import Foundation
import Testing

/// A reduced recorded trace, 100 steps of 16 coordinates, and the values that SciPy computes of it.
struct ReducedTrace {
    static let names = ["theta0_noise", "adam_warmup"]
    static let coordinateCount = 16

    let name: String
    /// [step][coordinate].
    let rows: [[Double]]

    init(_ name: String) throws {
        self.name = name
        rows = try Self.lines(name).map { line in
            try line.map { try #require($0) }
        }
        try #require(rows.count == 100 && rows.allSatisfy { $0.count == Self.coordinateCount })
    }

    func column(_ coordinate: Int) -> [Double] { rows.map { $0[coordinate] } }

    /// A table of expected values; an empty cell is missing.
    func expected(_ table: String) throws -> [[String: Double]] {
        let lines = try Self.cells("\(name)_\(table)")
        return lines.dropFirst().map { line in
            Dictionary(uniqueKeysWithValues: zip(lines[0], line).compactMap { key, cell in Double(cell).map { (key, $0) } })
        }
    }

    private static func lines(_ name: String) throws -> [[Double?]] { try cells(name).map { $0.map { Double($0) } } }

    private static func cells(_ name: String) throws -> [[String]] {
        let url = try #require(Bundle.module.url(forResource: "Files/\(name)", withExtension: "csv"))
        return try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map { line in
            line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
    }
}

/// |value - expected| in units of max(1, |expected|) · scale.
func error(_ value: Double?, _ expected: Double?, scale: Double = 1) -> Double {
    switch (value, expected) {
    case (nil, nil): 0
    case (let value?, let expected?): abs(value - expected) / max(scale, abs(expected))
    default: .infinity
    }
}
