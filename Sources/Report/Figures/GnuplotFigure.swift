import Files

/// A figure that gnuplot draws from the CSV beside its script.
///
/// Writing it leaves `NAME.csv` and `NAME.gp`; a ``GnuplotRenderer`` runs the script, which leaves `NAME.svg`. A person who
/// runs `gnuplot NAME.gp`, from any folder, gets the same bytes.
public struct GnuplotFigure: Sendable {
    /// A table of a figure, in a file of its own or in one that is there anyway.
    public struct Data: Sendable {
        /// The file is `FIGURE-NAME.csv`, or `FIGURE.csv` where the name is empty; not looked at with `sharedFile`.
        public var name: String
        public var table: Table
        /// A file in the same folder that holds the table, and that the figure does not write.
        public var sharedFile: String?

        public init(name: String = "", table: Table, sharedFile: String? = nil) {
            self.name = name
            self.table = table
            self.sharedFile = sharedFile
        }
    }

    /// What is drawn at a width: the size, and the script in gnuplot's language after the preamble that all scripts share.
    public struct Drawing: Sendable {
        public var size: FigureSize
        public var body: String

        public init(size: FigureSize, body: String) {
            self.size = size
            self.body = body
        }
    }

    /// The name of its files, of letters, digits, `-` and `_`, such as `figure-8`.
    public let name: String
    /// One line that says what is shown: the first line of the script.
    public var caption: String
    public var data: [Data]
    public private(set) var style = FigureStyle.standard
    /// Laid out for letters of 8 points. Data files are named by ``dataFile(_:)``.
    private var drawing: Drawing
    /// How it is laid out at another width; nil where it is scaled as a whole.
    private let layout: (@Sendable (_ width: Double) -> Drawing)?
    /// The factor on everything, letters and lines included.
    private(set) var scale = 1.0
    /// A further factor on the letters.
    private(set) var letterScale = 1.0

    /// A figure that is drawn anew for the width it is to have.
    /// - Parameters:
    ///   - name: of its files.
    ///   - caption: what it shows, in a line, for the script's head.
    ///   - width: its own width in inches.
    ///   - data: the tables that it draws.
    ///   - layout: what is drawn at a width in inches, with letters of 8 points.
    /// - Precondition: `name` is made of ASCII letters, digits, `-` and `_`.
    public init(
        name: String, caption: String, width: Double, data: [Data], layout: @escaping @Sendable (_ width: Double) -> Drawing
    ) {
        self.init(name: name, caption: caption, drawing: layout(width), data: data, layout: layout)
    }

    /// A figure of one size, which is scaled as a whole for another width.
    /// - Precondition: `name` is made of ASCII letters, digits, `-` and `_`.
    public init(name: String, caption: String, size: FigureSize, data: [Data], body: String) {
        self.init(name: name, caption: caption, drawing: Drawing(size: size, body: body), data: data, layout: nil)
    }

    /// The same with one table.
    public init(name: String, caption: String, size: FigureSize, table: Table, body: String) {
        self.init(name: name, caption: caption, size: size, data: [Data(table: table)], body: body)
    }

    private init(
        name: String, caption: String, drawing: Drawing, data: [Data], layout: (@Sendable (_ width: Double) -> Drawing)?
    ) {
        precondition(
            !name.isEmpty && name.utf8.allSatisfy { GnuplotPreamble.isPlain($0) }, "not a plain name: \(name)")
        for part in data { precondition(part.name.utf8.allSatisfy { GnuplotPreamble.isPlain($0) }) }
        self.name = name
        self.caption = caption
        self.drawing = drawing
        self.data = data
        self.layout = layout
    }

    /// The figure as a user wants it to look: laid out anew for the width where it can be, else scaled as a whole.
    public func styled(_ style: FigureStyle) -> GnuplotFigure {
        var styled = self
        styled.style = style
        let letters = style.fontSize.map { $0 / FigureStyle.standardFontSize }
        if let layout {
            styled.scale = letters ?? 1
            styled.drawing = layout((style.width ?? drawing.size.width) / styled.scale)
        } else {
            styled.scale = (style.width ?? drawing.size.width) / drawing.size.width
            styled.letterScale = letters.map { $0 / styled.scale } ?? 1
        }
        return styled
    }

    /// The size on paper.
    public var size: FigureSize { FigureSize(width: drawing.size.width * scale, height: drawing.size.height * scale) }

    /// The names that a user's labels may replace, as they are written on the command line.
    public var labelKeys: [String] { FigureLabel.keys(in: drawing.body) }

    /// What is drawn, after the preamble.
    public var body: String { FigureLabel.resolved(drawing.body, labels: style.labels) }

    /// The name of a data file, as the script sees it.
    public func dataFile(_ part: String = "") -> String { Self.dataFile(figure: name, part: part) }

    /// The same before there is a figure, for writing its body.
    public static func dataFile(figure name: String, part: String = "") -> String {
        part.isEmpty ? "\(name).csv" : "\(name)-\(part).csv"
    }

    var dataFiles: [String] { data.map { $0.sharedFile ?? dataFile($0.name) } }
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
        for part in data where part.sharedFile == nil { try folder.write(part.table, as: dataFile(part.name)) }
        try writeScript(to: folder)
    }

    /// Writes the script alone, in place of one that was written before.
    public func writeScript(to folder: OutputFolder) throws(OutputError) {
        try folder.write(Array(script.utf8), as: scriptFile)
    }
}
