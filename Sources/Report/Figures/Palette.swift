/// The colours and dashes of every figure: Okabe and Ito's palette, told apart by the colour-blind, each with a dash of its
/// own, so that lines differ in print without colour too.
public enum Palette: Int, CaseIterable, Sendable {
    /// Black, solid.
    case black = 1
    /// Blue, dashed.
    case blue
    /// Vermillion, long dash and dot.
    case vermillion
    /// Bluish green, dotted.
    case green
    /// Reddish purple, long dash and two dots.
    case purple
    /// Orange, long dashes.
    case orange
    /// Sky blue, short dashes.
    case sky

    /// The number of gnuplot's line type: `with lines linetype 2`.
    public var lineType: Int { rawValue }

    /// The colour as `#rrggbb`.
    public var colour: String {
        switch self {
        case .black: "#000000"
        case .blue: "#0072b2"
        case .vermillion: "#d55e00"
        case .green: "#009e73"
        case .purple: "#cc79a7"
        case .orange: "#e69f00"
        case .sky: "#56b4e9"
        }
    }

    /// Lengths of strokes and gaps, in widths of the line; `solid` for none.
    var dash: String {
        switch self {
        case .black: "solid"
        case .blue: "(8,3)"
        case .vermillion: "(10,3,2,3)"
        case .green: "(2,2.5)"
        case .purple: "(10,3,2,3,2,3)"
        case .orange: "(16,4)"
        case .sky: "(5,2.5)"
        }
    }

    /// gnuplot's point type: filled shapes for dark colours, open ones for light.
    var pointType: Int {
        switch self {
        case .black: 7
        case .blue: 5
        case .vermillion: 9
        case .green: 11
        case .purple: 6
        case .orange: 4
        case .sky: 8
        }
    }
}
