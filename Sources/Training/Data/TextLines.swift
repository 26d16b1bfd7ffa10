import Foundation

/// The lines of a UTF-8 text.
enum TextLines {
    /// The lines of a file; a line ends with a line feed, with or without a carriage return before it, and the last one may do
    /// without.
    static func lines(of path: String) throws(ParallelTextError) -> [String] {
        let bytes = try contents(path)
        guard !bytes.isEmpty else { throw ParallelTextError(path: path, found: "an empty file", rule: "must have a sentence a line") }
        return try bytes.withUnsafeBufferPointer { (bytes) throws(ParallelTextError) in
            var lines: [String] = []
            var start = 0
            while start < bytes.count {
                let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
                let hasReturn = end > start && bytes[end - 1] == UInt8(ascii: "\r")
                let line = UnsafeBufferPointer(rebasing: bytes[start..<(hasReturn ? end - 1 : end)])
                guard let text = String(validating: line, as: UTF8.self) else {
                    throw ParallelTextError(
                        path: path, line: lines.count + 1, found: "bytes that are no UTF-8", rule: "must be text in UTF-8")
                }
                lines.append(text)
                start = end + 1
            }
            return lines
        }
    }

    private static func contents(_ path: String) throws(ParallelTextError) -> [UInt8] {
        func system(_ action: String) -> ParallelTextError {
            ParallelTextError(path: path, found: "cannot \(action)", rule: String(cString: strerror(errno)))
        }
        // A path with a zero byte would be cut there by the system.
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw ParallelTextError(path: path, found: "no such name", rule: "a file is needed")
        }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw system("open it") }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw system("look at it") }
        let kind = status.st_mode & S_IFMT
        guard kind == S_IFREG || kind == S_IFIFO else {
            throw ParallelTextError(
                path: path, found: kind == S_IFDIR ? "a folder" : "a device", rule: "a file or a pipe is needed")
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(status.st_size))
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count == 0 { return bytes }
            if count > 0 {
                bytes += buffer[..<count]
            } else if errno != EINTR {
                throw system("read it")
            }
        }
    }
}
