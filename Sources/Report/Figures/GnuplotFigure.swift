import Files

/// A figure that gnuplot draws from the CSV beside its script.
///
/// Writing it leaves `NAME.csv` and `NAME.gp`; a ``GnuplotRenderer`` runs the script, which leaves `NAME.svg`. A person who
/// runs `gnuplot NAME.gp`, from any folder, gets the same bytes.
public struct GnuplotFigure: Sendable {
    /// A further table of a figure, in a file of its own.
    public struct Data: Sendable {
        /// The file is `FIGURE-NAME.csv`, or `FIGURE.csv` where the name is empty.
        public var name: String
        public var table: Table

        public init(name: String = "", table: Table) {
            self.name = name
            self.table = table
        }
    }

    /// The name of its files, of letters, digits, `-` and `_`, such as `figure-8`.
    public let name: String
    /// One line that says what is shown: the first line of the script.
    public var caption: String
    public var size: FigureSize
    public var data: [Data]
    /// What is drawn, in gnuplot's language, after the ``GnuplotPreamble``. Data files are named by ``dataFile(_:)``.
    public var body: String

    /// - Precondition: `name` is made of ASCII letters, digits, `-` and `_`.
    public init(name: String, caption: String, size: FigureSize, data: [Data], body: String) {
        precondition(
            !name.isEmpty && name.utf8.allSatisfy { GnuplotPreamble.isPlain($0) }, "not a plain name: \(name)")
        for part in data { precondition(part.name.utf8.allSatisfy { GnuplotPreamble.isPlain($0) }) }
        self.name = name
        self.caption = caption
        self.size = size
        self.data = data
        self.body = body
    }

    /// A figure with one table.
    public init(name: String, caption: String, size: FigureSize, table: Table, body: String) {
        self.init(name: name, caption: caption, size: size, data: [Data(table: table)], body: body)
    }

    /// The name of a data file, as the script sees it.
    public func dataFile(_ part: String = "") -> String { Self.dataFile(figure: name, part: part) }

    /// The same before there is a figure, for writing its body.
    public static func dataFile(figure name: String, part: String = "") -> String {
        part.isEmpty ? "\(name).csv" : "\(name)-\(part).csv"
    }

    public var scriptFile: String { "\(name).gp" }
    public var svgFile: String { "\(name).svg" }
    public var pdfFile: String { "\(name).pdf" }

    /// The whole script.
    public var script: String {
        let ended = body.hasSuffix("\n") ? body : body + "\n"
        return GnuplotPreamble.text(for: self) + "\n" + ended + "\nunset output\n"
    }

    /// Writes the tables and the script into the folder, where ``GnuplotRenderer`` finds them.
    public func write(to folder: OutputFolder) throws(OutputError) {
        for part in data { try folder.write(part.table, as: dataFile(part.name)) }
        try folder.write(Array(script.utf8), as: scriptFile)
    }
}
