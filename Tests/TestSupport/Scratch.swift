import Foundation

/// A folder for one test, which goes with it.
public final class Scratch: Sendable {
    public let path: String
    public var url: URL { URL(fileURLWithPath: path) }

    public init() throws {
        var template = Array((FileManager.default.temporaryDirectory.path + "/varlab-test-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else { throw CocoaError(.fileWriteUnknown) }
        path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    }

    deinit {
        chmod(path, 0o755)
        try? FileManager.default.removeItem(atPath: path)
    }

    public func path(_ name: String) -> String { path + "/" + name }

    /// Writes a file and returns its path.
    @discardableResult
    public func put(_ bytes: some Sequence<UInt8>, at name: String) throws -> String {
        // A new file each time, and by plain calls: neither Foundation nor the file system then waits for the disk.
        unlink(path(name))
        guard let file = fopen(path(name), "w") else { throw CocoaError(.fileWriteUnknown) }
        let bytes = Array(bytes)
        let written = fwrite(bytes, 1, bytes.count, file)
        guard fclose(file) == 0, written == bytes.count else { throw CocoaError(.fileWriteUnknown) }
        return path(name)
    }

    @discardableResult
    public func put(_ text: String, at name: String) throws -> String { try put(text.utf8, at: name) }

    /// The text of a file; nil where there is none.
    public func text(_ name: String) -> String? {
        FileManager.default.contents(atPath: path(name)).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Everything in the folder, hidden names included, sorted.
    public var names: [String] { names(".") }

    /// Everything in a folder inside, hidden names included, sorted; nothing where there is none.
    public func names(_ folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path(folder))) ?? []).sorted()
    }
}

/// Whether files can be made unwritable: not for root, to whom permissions do not apply.
public let permissionsApply = geteuid() != 0
