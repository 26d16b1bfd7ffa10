import Files
import Report

/// The variances of many simulations in one table, from the tables in their folders.
public struct GridTable {
    private let varied: [String]
    private let steps: Set<Int>?
    private var runs: [String] = []
    private var settings: [[String]] = []
    private var rows: [[String: Double]] = []

    /// What `variance.csv` has that the table takes over, real numbers but for the counts.
    private static let counts = ["t", "trajectories"]
    private static let reals = [
        "mean_psi", "mean_psi_stderr", "var_psi", "var_psi_stderr", "var_exact", "var_normal", "r_t", "var_rectified", "rho_t", "nu_t", "rho_empirical",
    ]
    private static let parameters = ["mu", "beta2", "epsilon"]

    /// - Parameters:
    ///   - varied: the names of the settings that tell the runs apart.
    ///   - steps: the iterations that are taken; nil for 1, 2, 5, 10, 20, 50, … and the last of each run.
    public init(varied: [String], steps: [Int]?) {
        // These are columns of every run's table.
        self.varied = varied.filter { !["mu", "beta2", "epsilon", "trajectories", "histogram-steps"].contains($0) }
        self.steps = steps.map(Set.init)
    }

    /// Adds the rows of a run.
    /// - Throws: `InputError` for a folder without a `variance.csv` as `simulate` writes it.
    public mutating func add(_ name: String, settings: [String: String], folder: String) throws(InputError) {
        let path = folder + "/variance.csv"
        let lines = String(decoding: try ReadableFile.open(path).bytes(), as: UTF8.self).split(separator: "\n")
        let header = lines.first?.split(separator: ",").map(String.init) ?? []
        guard let time = header.firstIndex(of: "t") else { throw InputError(path: path, found: "no column t", rule: "must be as simulate wrote it") }
        let cells = lines.dropFirst().map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        guard cells.allSatisfy({ $0.count == header.count }), let last = cells.last.flatMap({ Int($0[time]) }) else {
            throw InputError(path: path, found: "rows of different lengths, or none", rule: "must be as simulate wrote it")
        }
        for row in cells {
            guard let step = Int(row[time]), steps?.contains(step) ?? Self.isChosen(step, last: last) else { continue }
            runs.append(name)
            self.settings.append(varied.map { settings[$0] ?? "" })
            rows.append(Dictionary(uniqueKeysWithValues: zip(header, row).compactMap { name, text in Double(text).map { (name, $0) } }))
        }
    }

    private static func isChosen(_ step: Int, last: Int) -> Bool {
        var power = 1
        while power <= step / 10 { power *= 10 }
        return step == last || (step % power == 0 && [1, 2, 5].contains(step / power))
    }

    /// A row for each run, mean and step: the run's folder, what tells it from others, and its variance beside the exact one.
    public var table: Table {
        func numbers(_ name: String) -> [Double?] { rows.map { $0[name] } }
        func integers(_ name: String) -> [Int?] { numbers(name).map { $0.flatMap { Int(exactly: $0) } } }
        return Table(
            [Column("run", runs)] + varied.indices.map { index in Column(varied[index].replacing("-", with: "_"), settings.map { $0[index] }) }
                + Self.parameters.map { Column($0, numbers($0)) } + Self.counts.map { Column($0, integers($0)) }
                + Self.reals.map { Column($0, numbers($0)) })
    }
}
