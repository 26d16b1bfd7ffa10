import Foundation

/// Text as words: lower case, in composed form (NFC), punctuation by itself.
///
/// A word is a run of letters, marks and digits, with a hyphen behind any of them, an apostrophe between two, and one of `.,:`
/// between two digits: `e-mail`, `ein-` in `ein- und ausgang`, `don't`, `10:30`. Every other character that is no space is a word
/// of its own; invisible ones, such as a soft hyphen, are dropped. Typographic quotation marks, apostrophes and dashes become
/// `"`, `'` and `-` first, so that two ways of typing a text give one. Words joined by spaces split into the same words again.
public enum WordSplitter {
    /// The words of a line, joined by single spaces.
    public static func words(of line: String) -> String {
        let lower = line.lowercased()
        // Nothing below U+0300 composes with anything; asking costs less than composing.
        let composed = lower.unicodeScalars.allSatisfy { $0.value < 0x300 } ? lower : lower.precomposedStringWithCanonicalMapping
        let scalars = composed.unicodeScalars.map(plain).filter { $0.isASCII || $0.properties.generalCategory != .format }
        let classes = scalars.map(Class.init)
        func isClass(_ index: Int, _ test: (Class) -> Bool) -> Bool { classes.indices.contains(index) && test(classes[index]) }

        var text = String.UnicodeScalarView()
        text.reserveCapacity(scalars.count + scalars.count / 4)
        var isInWord = false
        for (index, scalar) in scalars.enumerated() {
            let belongsToWord = switch scalar {
            case "-": isClass(index - 1) { $0.isWord }
            case "'": isClass(index - 1) { $0.isWord } && isClass(index + 1) { $0.isWord }
            case ".", ",", ":": isClass(index - 1) { $0 == .digit } && isClass(index + 1) { $0 == .digit }
            default: classes[index].isWord
            }
            if classes[index] == .space {
                isInWord = false
                continue
            }
            if !(belongsToWord && isInWord), !text.isEmpty { text.append(" ") }
            text.append(scalar)
            isInWord = belongsToWord
        }
        return String(text)
    }

    private enum Class {
        case space, letter, digit, other

        init(_ scalar: Unicode.Scalar) {
            switch scalar {
            case "a"..."z": self = .letter
            case "0"..."9": self = .digit
            case " ": self = .space
            case "!"..."~": self = .other
            default:
                switch scalar.properties.generalCategory {
                case .decimalNumber, .letterNumber, .otherNumber: self = .digit
                case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
                    .spacingMark, .enclosingMark:
                    self = .letter
                case .spaceSeparator, .lineSeparator, .paragraphSeparator, .control: self = .space
                default: self = .other
                }
            }
        }

        var isWord: Bool { self == .letter || self == .digit }
    }

    private static func plain(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar {
        case "\u{201c}", "\u{201d}", "\u{201e}", "\u{ab}", "\u{bb}": "\""
        case "\u{2018}", "\u{2019}", "\u{201a}", "\u{b4}", "`": "'"
        case "\u{2010}", "\u{2011}", "\u{2013}", "\u{2014}": "-"
        default: scalar
        }
    }
}
