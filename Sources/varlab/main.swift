import ArgumentParser
import Files
import Foundation

installInterruptHandler()
var command: any ParsableCommand = Varlab()
do {
    let arguments = Array(CommandLine.arguments.dropFirst())
    try Varlab.checkSubcommand(arguments)
    command = try Varlab.parseAsRoot(arguments)
    try command.run()
} catch {
    exit(Failure(error, in: type(of: command)).report())
}
