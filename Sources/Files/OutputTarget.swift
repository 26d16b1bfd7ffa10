import Foundation

/// Where an output goes: the file that a path leads to, symbolic links followed, and what a file that takes its place keeps.
struct OutputTarget: Equatable {
    /// Permissions and owner of a file.
    struct Attributes: Equatable {
        let permissions: mode_t
        let user: uid_t
        let group: gid_t
    }

    enum Kind: Equatable {
        case nothing
        case file(Attributes)
        case folder
        /// A device, a pipe or a socket: written to, never replaced.
        case special
    }

    /// Of the file itself, where the name is a symbolic link.
    let path: String
    let kind: Kind

    /// The permissions and the owner that are kept; nil where nothing is replaced.
    var attributes: Attributes? { if case .file(let attributes) = kind { attributes } else { nil } }

    /// - Parameters:
    ///   - force: whether an existing file may be replaced.
    ///   - shown: how errors call it.
    init(_ name: String, force: Bool, reportedAs shown: String) throws(OutputError) {
        try Self.check(name, reportedAs: shown)
        kind = try Self.kind(of: name, reportedAs: shown)
        switch kind {
        case .special, .folder: path = name
        case .file:
            guard force else { throw OutputError(path: shown, reason: .exists) }
            path = try Self.following(name, reportedAs: shown)
        case .nothing:
            if name.hasSuffix("/") { throw OutputError(path: shown, reason: .isFolder) }
            // A symbolic link to nothing.
            if !force, FileSystem.nameIsTaken(name) { throw OutputError(path: shown, reason: .exists) }
            path = try Self.following(name, reportedAs: shown)
        }
    }

    /// The empty path, and one with a zero byte, at which the system would cut it.
    static func check(_ path: String, reportedAs shown: String) throws(OutputError) {
        if path.isEmpty { throw OutputError(path: shown, reason: .emptyPath) }
        if path.utf8.contains(0) { throw .system("look at it", path: shown, code: EINVAL) }
    }

    /// What a path leads to.
    static func kind(of path: String, reportedAs shown: String) throws(OutputError) -> Kind {
        var status = stat()
        guard stat(path, &status) == 0 else {
            if errno == ENOENT { return .nothing }
            throw .system("look at it", path: shown)
        }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: return .folder
        case S_IFREG: return .file(Attributes(permissions: status.st_mode & 0o7777, user: status.st_uid, group: status.st_gid))
        default: return .special
        }
    }

    /// The path behind the symbolic links that the last part of a path may be, whether or not there is something.
    private static func following(_ path: String, reportedAs shown: String) throws(OutputError) -> String {
        var path = path
        // As many as the system itself follows.
        for _ in 0..<40 {
            guard FileSystem.type(of: path) == S_IFLNK else { return path }
            var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
            let count = readlink(path, &buffer, Int(PATH_MAX))
            guard count >= 0 else { throw .system("look at it", path: shown) }
            let link = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
            path = link.hasPrefix("/") ? link : FileSystem.join(FileSystem.split(path).folder, link)
        }
        throw .system("look at it", path: shown, code: ELOOP)
    }
}

extension OutputTarget.Attributes {
    /// Gives an open file these permissions and, as far as the system lets this process, this owner.
    func apply(to descriptor: Int32) {
        // The rights of its owner are not lent to the content of somebody else.
        let isOwned = fchown(descriptor, user, group) == 0 || fchown(descriptor, uid_t.max, group) == 0 && user == geteuid()
        fchmod(descriptor, isOwned ? permissions : permissions & 0o1777)
    }
}
