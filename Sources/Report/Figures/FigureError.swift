import Errors
import Files

/// Why a figure was not drawn; its table and its script are there.
public enum FigureError: ReportedError, Equatable {
    /// A program is not in the search path.
    case programMissing(program: String, package: String, figure: String)
    /// A program failed on a figure, with the line it said why.
    case programFailed(program: String, figure: String, message: String)

    public var exitClass: ExitClass { .unavailable }

    public var description: String {
        switch self {
        case .programMissing(let program, let package, let figure):
            "\(figure) was not drawn: \(program) is not installed (package \(package)); its CSV and its script are written"
        case .programFailed(let program, let figure, let message):
            "\(figure) was not drawn: \(program) failed: \(message.onOneLine)"
        }
    }
}
