import Foundation
import Synchronization

/// What an interrupt must take away: files and folders that are not finished, and programs that were started.
///
/// Creating, finishing and removing something happen while the registry is locked, and an interrupt locks it for good: so
/// nothing can appear after the interrupt has cleaned up, and a set of files that is being put in place is put in place
/// entirely.
public enum TemporaryPaths {
    package struct Registry {
        /// Unfinished files and folders with unfinished files, which go with all they contain.
        var unfinished: Set<String> = []
        /// Folders that were created for an output, outermost first; they go when they are empty.
        var createdFolders: [String] = []
        /// Process identifiers of running programs.
        package var children: Set<Int32> = []

        mutating func removeAll() {
            for path in unfinished { remove(path) }
            for folder in createdFolders.reversed() { rmdir(folder) }
            unfinished = []
            createdFolders = []
        }

        /// Removes an unfinished file or folder.
        mutating func discard(_ path: String) {
            remove(path)
            unfinished.remove(path)
        }

        private func remove(_ path: String) {
            if unlink(path) != 0 { try? FileManager.default.removeItem(atPath: path) }
        }
    }

    package static let registry = Mutex(Registry())

    /// Removes every unfinished file and folder of this process, and the folders created for them if they are empty.
    public static func removeAll() {
        registry.withLock { $0.removeAll() }
    }
}
