import Foundation
import Report

installInterruptHandler()
do {
    var command = try Varlab.parseAsRoot()
    try command.run()
} catch {
    exit(Failure(error).report())
}
