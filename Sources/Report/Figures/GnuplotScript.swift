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
