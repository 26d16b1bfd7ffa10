import ArgumentParser
import Errors
import Report

/// How figures are to look; shared by every command that draws. Without these options a figure has its own size and font.
struct FigureOptions: ParsableArguments {
    @Option(parsing: .unconditional, help: "Width of each figure on paper: millimetres, column (85) or page (175). (default: each figure's own)")
    var width: String?

    @Option(parsing: .unconditional, help: "Font of the figures: NAME, NAME,SIZE or ,SIZE in points. (default: Liberation Sans,8)")
    var font: String?

    @Option(parsing: .unconditionalSingleValue, help: "A name in the figures: NAME=TEXT, such as adam-2k:500=\"Adam-2k\"; may be given several times.")
    var label: [String] = []

    /// Refuses before there is work; what the parser is thrown here must be its own kind of error to be one of usage.
    func validate() throws {
        do throws(ParameterError) {
            _ = try style()
        } catch {
            throw ValidationError("--\(error.parameter) \(error.value): \(error.rule)")
        }
    }

    /// - Throws: `ParameterError` for a value of another form.
    func style() throws(ParameterError) -> FigureStyle { try FigureStyle(width: width, font: font, labels: label) }
}
