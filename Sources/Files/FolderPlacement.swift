import Foundation

/// The last act of an ``OutputFolder``: its staged files take their places, all of them or none.
///
/// All that can fail or take time is done first: what stands in the places is looked at, and the bytes go to the disk. The
/// rest is renaming.
struct FolderPlacement {
    private struct Step {
        /// Where the file is now, and where it goes.
        let source: String
        let target: OutputTarget
        let shown: String
    }

    private let staging: String
    private let force: Bool
    private var steps: [Step] = []
    /// Copies beside places outside the folder, to which symbolic links lead.
    private var copies: [UnfinishedFile] = []

    /// - Parameter skipsEqual: whether a file with the same bytes that is there already is left as it is.
    init(of staging: String, in folder: String, force: Bool, skipsEqual: Bool = false) throws(OutputError) {
        self.staging = staging
        self.force = force
        var places: [String: String] = [:]
        let names = try FileSystem.entries(of: staging, reportedAs: folder).filter { name in
            name != FileSystem.unfinishedMarker
                && !(skipsEqual && Self.areEqual(FileSystem.join(staging, name), FileSystem.join(folder, name)))
        }
        var targets: [OutputTarget] = []
        for name in names {
            let shown = FileSystem.join(folder, name)
            let target = try OutputTarget(shown, force: force, reportedAs: shown)
            switch target.kind {
            case .folder: throw OutputError(path: shown, reason: .isFolder)
            case .special: throw OutputError(path: shown, reason: .isSpecial)
            case .file, .nothing: break
            }
            if let other = places.updateValue(shown, forKey: Self.place(target.path)) {
                throw OutputError(path: shown, reason: .samePlace(as: other))
            }
            targets.append(target)
        }
        do throws(OutputError) {
            for (name, target) in zip(names, targets) {
                try prepare(FileSystem.join(staging, name), for: target, reportedAs: FileSystem.join(folder, name))
            }
        } catch {
            discardCopies()
            throw error
        }
    }

    private mutating func prepare(_ staged: String, for target: OutputTarget, reportedAs shown: String) throws(OutputError) {
        let descriptor = open(staged, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("finish it", path: shown) }
        defer { _ = close(descriptor) }
        if target.path == shown {
            target.attributes?.apply(to: descriptor)
            try FileSystem.synchronize(descriptor, reportedAs: shown)
            steps.append(Step(source: staged, target: target, shown: shown))
        } else {
            // What a link leads to may be on another disk, to which nothing can be renamed.
            let copy = try UnfinishedFile(beside: target.path, attributes: target.attributes, reportedAs: shown)
            copies.append(copy)
            try copy.fill(Self.content(of: descriptor, reportedAs: shown))
            steps.append(Step(source: copy.path, target: target, shown: shown))
        }
    }

    /// Whether both are plain files with the same bytes.
    private static func areEqual(_ first: String, _ second: String) -> Bool {
        guard FileSystem.type(of: second) == S_IFREG, let there = try? FileSystem.contents(of: second) else { return false }
        return (try? FileSystem.contents(of: first)) == there
    }

    /// Removes what a placement that failed has left beside places outside the folder.
    func discardCopies() {
        for copy in copies { copy.discard() }
    }

    /// A file by its folder, whatever links lead there, and its name.
    private static func place(_ path: String) -> String {
        let (folder, name) = FileSystem.split(path)
        guard let resolved = realpath(folder, nil) else { return path }
        defer { free(resolved) }
        return FileSystem.join(String(cString: resolved), name)
    }

    private static func content(of descriptor: Int32, reportedAs shown: String) -> OutputContent {
        OutputContent { (sink) throws(OutputError) in
            let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 64)
            defer { piece.deallocate() }
            while true {
                let count = read(descriptor, piece.baseAddress!, piece.count)
                if count == 0 { return }
                if count > 0 {
                    try sink(UnsafeRawBufferPointer(rebasing: piece[..<count]))
                } else if errno != EINTR {
                    throw .system("finish it", path: shown)
                }
            }
        }
    }

    /// Renames all files, or puts back what was there.
    func run() throws(OutputError) {
        var done: [(step: Step, backup: String?)] = []
        do throws(OutputError) {
            for step in steps {
                let backup = force ? try keepExisting(step) : nil
                do throws(OutputError) {
                    try FileSystem.place(step.source, at: step.target.path, replacing: force, reportedAs: step.shown)
                } catch {
                    if let backup { rename(backup, step.target.path) }
                    throw error
                }
                done.append((step, backup))
            }
            for folder in Set(steps.map { FileSystem.split($0.target.path).folder }) {
                try FileSystem.synchronize(folder: folder, reportedAs: folder)
            }
        } catch {
            for (step, backup) in done.reversed() {
                if let backup { rename(backup, step.target.path) } else { unlink(step.target.path) }
            }
            throw error
        }
        for (step, backup) in done {
            if let backup, FileSystem.split(step.source).folder != staging { unlink(backup) }
        }
    }

    /// A second name for the file that is about to be replaced, beside what replaces it; nil where there is none.
    private func keepExisting(_ step: Step) throws(OutputError) -> String? {
        guard FileSystem.nameIsTaken(step.target.path) else { return nil }
        let backup = FileSystem.join(FileSystem.split(step.source).folder, FileSystem.unfinishedName())
        if link(step.target.path, backup) != 0, rename(step.target.path, backup) != 0 {
            throw .system("replace it", path: step.shown)
        }
        return backup
    }
}
