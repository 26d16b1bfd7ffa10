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
        // A new file each time, and by plain calls: neither Foundation nor the file system then waits for the disk.
        unlink(path(name))
        guard let file = fopen(path(name), "w") else { throw CocoaError(.fileWriteUnknown) }
        let bytes = Array(bytes)
        let written = fwrite(bytes, 1, bytes.count, file)
        guard fclose(file) == 0, written == bytes.count else { throw CocoaError(.fileWriteUnknown) }
        return path(name)
    }
}
