import Files

/// Lines of gnuplot's language that figures have in common.
public enum GnuplotScript {
    /// Tick labels such as 10³ on a logarithmic axis.
    public static let powersOfTen = "10^{%T}"

    /// Sets a logarithmic axis, `x` or `y`, with a tick per power of ten and nine between.
    public static func logarithmic(_ axis: String) -> String {
        """
        set logscale \(axis) 10
        set m\(axis)tics 10

        """
    }

    /// A single panel of one column over the steps from 1, both axes logarithmic.
    /// - Parameter y: the range, as `1e-4:1`.
    package static func panelOverSteps(_ size: FigureSize, last: Int, y: String, yLabel: String) -> String {
        """
        \(logarithmic("x"))\(logarithmic("y"))
        \(margins(size, left: 42.21, right: 9.648, bottom: 28.08, top: 5.616))
        set xrange [1:\(last)]
        set yrange [\(y)]
        set format x '\(powersOfTen)'
        set format y '\(powersOfTen)'
        set xlabel 'step {/:Italic t}' offset 0,0.5
        set ylabel \(PanelGrid.quoted(yLabel)) offset 0.4,0
        """
    }

    /// The place of a single panel, by the space around it in points.
    public static func margins(_ size: FigureSize, left: Double, right: Double, bottom: Double, top: Double) -> String {
        PanelGrid.margins(
            size, from: left, to: 72 * size.width - right, above: bottom, below: 72 * size.height - top)
    }

    /// A band between two columns of a data file, as one part of a `plot` command.
    public static func band(_ file: String, x: String, low: String, high: String, colour: Palette, opacity: Double = 0.25)
        -> String
    {
        "'\(file)' using \(x):\(low):\(high) with filledcurves "
            + "fillcolor rgb '\(colour.colour)' fillstyle transparent solid \(ShortestDigits.text(of: opacity)) noborder"
    }

    /// A column's value as an expression for `using`, which ends a line at an empty cell; a bare name would draw on to the
    /// next point.
    public static func value(_ column: String) -> String { "(cell('\(column)'))" }

    /// The same in the rows in which another column has that value, which must follow each other, and nothing elsewhere.
    public static func value(_ column: String, where key: String, equals number: Double) -> String {
        "(cell_where('\(key)', \(ShortestDigits.text(of: number)), '\(column)'))"
    }

    /// A name as it stands in enhanced text: the signs of gnuplot's markup escaped, control characters as spaces.
    public static func escaped(_ name: String) -> String {
        name.reduce(into: "") { result, character in
            if "_^@&~{}\\".contains(character) { result += "\\" }
            result.append(character.isNewline || character.unicodeScalars.contains { $0.value < 32 } ? " " : character)
        }
    }
}

/// What all figures share, as the first half of each script: the file it writes, the fonts, the axes, the colours.
enum GnuplotPreamble {
    static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    static func text(for figure: GnuplotFigure) -> String {
        let pixels = figure.size.pixels
        let identifier = String(figure.name.map { $0 == "-" ? "_" : $0 })
        let files = figure.dataFiles.joined(separator: ", ")
        let font = figure.style.fontName ?? standardFont
        let fallbacks = font == standardFont ? "" : "\(standardFont), "
        func scaled(_ value: Double) -> String { ShortestDigits.text(of: (value * 1e4).rounded() / 1e4) }
        return #"""
            # \#(figure.caption.onOneLine)
            # gnuplot \#(figure.scriptFile)   draws \#(figure.svgFile) from \#(files), all beside this script.
            # rsvg-convert -f pdf -o \#(figure.pdfFile) \#(figure.svgFile)   makes the PDF of that, with text as text.

            reset
            set encoding utf8
            # Work beside the script, wherever gnuplot was started.
            end_of_folder = 0
            if (exists('ARG0')) { do for [i=1:strlen(ARG0)] { if (ARG0[i:i] eq '/') { end_of_folder = i } } }
            if (end_of_folder > 0) { cd ARG0[1:end_of_folder] }

            # \#(inches(figure.size.width)) by \#(inches(figure.size.height)) inches at 96 pixels to the inch; fontscale and linewidth make sizes points.
            set terminal svg size \#(pixels.width),\#(pixels.height) fixed enhanced font '\#(font),8' \
                fontscale \#(scaled(1.3333 * figure.scale * figure.letterScale)) linewidth \#(scaled(1.3333 * figure.scale)) background '#ffffff' name '\#(identifier)'
            # sed: without xml:space, programs drop the spaces beside a subscript; the further fonts have the same widths.
            set output "| sed -e 's/<text>/<text xml:space=\"preserve\">/' \
                -e 's/\"\#(font)\"/\"\#(font), \#(fallbacks)Arial, Helvetica, sans-serif\"/' > \#(figure.svgFile)"

            # The tables: the first line names the columns. cell('y') ends a line at an empty cell, where a bare 'y' draws on
            # to the next point; cell_where('mu', 0.1, 'y') takes the rows in which mu is 0.1, which must follow each other.
            set datafile separator comma
            set datafile columnheaders
            cell(name) = strlen(strcol(name)) ? column(name) : NaN
            cell_where(key, number, name) = column(key) == number ? cell(name) : NaN

            # Axes below and at the left, ticks outwards, a light grid behind.
            set minussign
            set border 3 linewidth 0.5 linecolor rgb '#000000'
            set tics nomirror out scale 0.5,0.25 offset 0,0
            set format '%g'
            set grid xtics ytics back linetype 1 linewidth 0.4 linecolor rgb '#dddddd' dashtype solid
            set style fill solid 1 noborder
            set key noautotitle samplen 2.5 spacing 1.1
            set samples 500

            # Colours of Okabe and Ito, with dashes, so that lines differ without colour too.
            \#(lineTypes)

            """#
    }

    private static let standardFont = "Liberation Sans"

    private static func inches(_ value: Double) -> String { ShortestDigits.text(of: (value * 1e4).rounded() / 1e4) }

    private static var lineTypes: String {
        Palette.allCases.map { entry in
            let number = entry.lineType
            return "set linetype \(number) linecolor rgb '\(entry.colour)' linewidth 1 dashtype \(entry.dash) "
                + "pointtype \(entry.pointType) pointsize 0.3"
        }.joined(separator: "\n")
    }
}
