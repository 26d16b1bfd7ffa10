import Files
import Foundation
import Report

MatrixKernels.pin(for: CommandLine.arguments.dropFirst().first)
installInterruptHandler()
do {
    var command = try Varlab.parseAsRoot()
    try command.run()
} catch {
    exit(Failure(error).report())
}
