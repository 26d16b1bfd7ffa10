import Foundation

/// A folder for one test, which goes with it.
final class Scratch: Sendable {
    let path: String

    init() throws {
        var template = Array((FileManager.default.temporaryDirectory.path + "/varlab-test-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else { throw CocoaError(.fileWriteUnknown) }
        path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func path(_ name: String) -> String { path + "/" + name }

    /// Writes a file and returns its path.
    func put(_ bytes: some Sequence<UInt8>, at name: String) throws -> String {
        // A new file each time: some file systems wait for the disk when an old one is emptied and written again.
        unlink(path(name))
        try Data(bytes).write(to: URL(fileURLWithPath: path(name)))
        return path(name)
    }
}
