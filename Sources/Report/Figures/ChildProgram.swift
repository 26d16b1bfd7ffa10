import Files
import Foundation

/// A program that is run to its end, with an environment of our choosing; an interrupt kills it.
struct ChildProgram {
    let executable: String
    let environment: [String: String]

    /// The first executable file of that name in the folders of a search path, or `nil`.
    static func find(_ name: String, in searchPath: String) -> String? {
        for folder in searchPath.split(separator: ":") {
            let path = folder + "/" + name
            var isFolder: ObjCBool = false
            if FileManager.default.fileExists(atPath: String(path), isDirectory: &isFolder), !isFolder.boolValue,
                access(String(path), X_OK) == 0
            {
                return String(path)
            }
        }
        return nil
    }

    /// Runs it in a folder. Returns whether it succeeded, and what it wrote to standard error.
    func run(_ arguments: [String], in folder: String) -> (succeeded: Bool, errors: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        let errors = Pipe()
        process.standardError = errors
        do {
            // An interrupt between the start and the entry in the registry would miss the child.
            try TemporaryPaths.registry.withLock { registry in
                try process.run()
                registry.children.insert(process.processIdentifier)
            }
        } catch {
            return (false, "cannot be started: \(error.localizedDescription)")
        }
        let text = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        _ = TemporaryPaths.registry.withLock { $0.children.remove(process.processIdentifier) }
        let succeeded = process.terminationReason == .exit && process.terminationStatus == 0
        return (succeeded, String(decoding: text, as: UTF8.self))
    }
}
