import Errors
import Foundation

/// How a user wants figures to look: their width on paper, their font, names in place of others. The default changes nothing.
public struct FigureStyle: Sendable, Equatable {
    /// The width on paper in inches; nil for each figure's own.
    public let width: Double?
    /// nil for Liberation Sans.
    public let fontName: String?
    /// In points; nil for 8.
    public let fontSize: Double?
    /// What stands in place of a name in the figure, by that name as it is written on the command line: `adam-2k:500`.
    public let labels: [String: String]

    /// As it is.
    public static let standard = FigureStyle()
    /// The font size that figures are laid out for, in points.
    static let standardFontSize = 8.0

    private init() { (width, fontName, fontSize, labels) = (nil, nil, nil, [:]) }

    /// - Parameters:
    ///   - width: millimetres from 30 to 1000, `column` (85 mm, one column of a two-column paper) or `page` (175 mm); nil for each
    ///     figure's own.
    ///   - font: a name, a size in points after a comma, or both: `Times`, `Times,9`, `,9`; nil for Liberation Sans of 8 points.
    ///   - labels: `NAME=TEXT`, each name once.
    /// - Throws: `ParameterError` for text of another form, a width or a size (4 to 40) outside its range, a font's name with other
    ///   characters than letters, digits, spaces and hyphens, and for a name that is labelled twice.
    public init(width: String? = nil, font: String? = nil, labels: [String] = []) throws(ParameterError) {
        self.width = try width.map(Self.inches)
        (fontName, fontSize) = try font.map(Self.font) ?? (nil, nil)
        var named: [String: String] = [:]
        for label in labels {
            let parts = label.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
                throw ParameterError(parameter: .label, value: label, rule: "must be NAME=TEXT")
            }
            guard label.unicodeScalars.allSatisfy({ $0.value >= 32 && !FigureLabel.marks.contains($0) }) else {
                throw ParameterError(parameter: .label, value: label, rule: "must be one line of text")
            }
            guard named.updateValue(parts[1], forKey: parts[0]) == nil else {
                throw ParameterError(parameter: .label, value: label, rule: "'\(parts[0])' has a label already")
            }
        }
        self.labels = named
    }

    private static func inches(_ text: String) throws(ParameterError) -> Double {
        switch text {
        case "column": return FigureSize.oneColumn(height: 1).width
        case "page": return FigureSize.twoColumns(height: 1).width
        default:
            guard let millimetres = Double(text), millimetres >= 30, millimetres <= 1000 else {
                throw ParameterError(
                    parameter: .width, value: text, rule: "must be millimetres from 30 to 1000, 'column' (85) or 'page' (175)")
            }
            return millimetres / 25.4
        }
    }

    private static func font(_ text: String) throws(ParameterError) -> (String?, Double?) {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { $0.trimmingCharacters(in: .whitespaces) }
        func failure(_ rule: String) -> ParameterError { ParameterError(parameter: .font, value: text, rule: rule) }
        guard parts.count <= 2, !(parts[0].isEmpty && parts.count == 1) else { throw failure("must be NAME, NAME,SIZE or ,SIZE") }
        // It stands in the script between quotes, and in a sed command.
        guard parts[0].utf8.allSatisfy({ GnuplotPreamble.isPlain($0) && $0 != UInt8(ascii: "_") || $0 == UInt8(ascii: " ") }) else {
            throw failure("a font's name is of letters, digits, spaces and hyphens")
        }
        var size: Double?
        if parts.count == 2 {
            guard let value = Double(parts[1]), value >= 4, value <= 40 else { throw failure("the size must be from 4 to 40 points") }
            size = value
        }
        return (parts[0].isEmpty ? nil : parts[0], size)
    }
}

/// A name in a figure that a user's label may replace: the name as it is written on the command line, between marks that no text has,
/// with the text that stands for it otherwise.
public enum FigureLabel {
    // Of Unicode's private use area: start, end of the key, end of the text.
    static let marks: [Unicode.Scalar] = ["\u{E000}", "\u{E001}", "\u{E002}"]

    /// - Parameters:
    ///   - key: what a user's label names.
    ///   - text: enhanced text.
    public static func marked(_ key: String, _ text: String) -> String {
        "\(marks[0])\(key)\(marks[1])\(text)\(marks[2])"
    }

    /// The keys in a script, in their order.
    static func keys(in script: String) -> [String] {
        script.split(separator: Character(marks[0]), omittingEmptySubsequences: false).dropFirst()
            .compactMap { $0.split(separator: Character(marks[1]), omittingEmptySubsequences: false).first.map(unquoted) }
    }

    /// The script with each text in its place. All of them stand in single quotes.
    static func resolved(_ script: String, labels: [String: String]) -> String {
        var parts = script.split(separator: Character(marks[0]), omittingEmptySubsequences: false)
        guard parts.count > 1 else { return script }
        var result = String(parts.removeFirst())
        for part in parts {
            let ends = part.split(separator: Character(marks[2]), maxSplits: 1, omittingEmptySubsequences: false)
            let label = ends[0].split(separator: Character(marks[1]), maxSplits: 1, omittingEmptySubsequences: false)
            guard ends.count == 2, label.count == 2 else { preconditionFailure("a label without its end") }
            let wanted = labels[unquoted(label[0])].map { PanelGrid.quoted(GnuplotScript.escaped($0)).dropFirst().dropLast() }
            result += (wanted ?? label[1]) + ends[1]
        }
        return result
    }

    private static func unquoted(_ text: Substring) -> String { String(text).replacing("''", with: "'") }
}

/// The size of a figure on paper, in inches.
public struct FigureSize: Equatable, Sendable {
    public var width: Double
    public var height: Double

    /// - Precondition: both are positive and finite.
    public init(width: Double, height: Double) {
        precondition(width > 0 && width.isFinite && height > 0 && height.isFinite, "a figure needs a positive size")
        self.width = width
        self.height = height
    }

    /// As wide as one column of a two-column paper: 3.35 inches.
    public static func oneColumn(height: Double) -> FigureSize { FigureSize(width: 3.35, height: height) }

    /// As wide as the page of a two-column paper: 6.9 inches.
    public static func twoColumns(height: Double) -> FigureSize { FigureSize(width: 6.9, height: height) }

    /// A single panel at another width: higher too, but not in proportion.
    package func widened(to width: Double) -> FigureSize {
        FigureSize(width: width, height: height * pow(width / self.width, 0.7))
    }

    /// The size in SVG's pixels, of which there are 96 to the inch.
    var pixels: (width: Int, height: Int) { (Int((width * 96).rounded()), Int((height * 96).rounded())) }
}
