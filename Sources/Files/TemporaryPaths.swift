import Foundation
import Synchronization

/// What an interrupt must take away: files and folders that are not finished, and programs that were started.
///
/// Creating, finishing and removing something happen while the registry is locked, and an interrupt locks it for good: so
/// nothing can appear after the interrupt has cleaned up, and a set of files that is being put in place is put in place
/// entirely.
package enum TemporaryPaths {
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
}

/// The names of what is unfinished, and what becomes of it after a signal that no process can handle.
extension FileSystem {
    private static let unfinishedPrefix = ".varlab-unfinished-"

    /// What an unfinished folder has in it from the first, beside the files: it says whose it is.
    static let unfinishedMarker = ".made-by-varlab"

    /// The name of something unfinished that a crash may leave: hidden, and saying what it is and whose.
    static func unfinishedName() -> String {
        let digits = String(UInt64.random(in: 0...UInt64.max), radix: 16)
        return unfinishedPrefix + String(repeating: "0", count: 16 - digits.count) + digits
    }

    static func isUnfinishedName(_ name: String) -> Bool {
        guard name.hasPrefix(unfinishedPrefix) else { return false }
        let digits = name.utf8.dropFirst(unfinishedPrefix.utf8.count)
        return digits.count == 16
            && digits.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || UInt8(ascii: "a")...UInt8(ascii: "f") ~= $0 }
    }

    /// Removes unfinished files of processes that were killed. A file that its process has locked stays, and so does every
    /// file where the file system has no locks.
    static func removeAbandonedFiles(in folder: String) {
        for name in (try? entries(of: folder, reportedAs: folder)) ?? [] where isUnfinishedName(name) {
            let path = join(folder, name)
            guard type(of: path) == S_IFREG else { continue }
            let descriptor = open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
            guard descriptor >= 0 else { continue }
            if lockIfFree(descriptor, named: path) == .locked { unlink(path) }
            _ = closeDescriptor(descriptor)
        }
    }

    /// Removes unfinished folders of processes that were killed: those with the marker, or with nothing, and of what is in
    /// them the plain files, for there never was anything else.
    /// - Precondition: this process alone writes into `folder`: it has the ``FolderLock``.
    static func removeAbandonedFolders(in folder: String) {
        for name in (try? entries(of: folder, reportedAs: folder)) ?? [] where isUnfinishedName(name) {
            let path = join(folder, name)
            guard type(of: path) == S_IFDIR, let inside = try? entries(of: path, reportedAs: path) else { continue }
            guard inside.isEmpty || inside.contains(unfinishedMarker) else { continue }
            for entry in inside where entry != unfinishedMarker && type(of: join(path, entry)) == S_IFREG {
                unlink(join(path, entry))
            }
            // Whatever is left keeps the marker too.
            guard (try? entries(of: path, reportedAs: path)).map({ $0 == [unfinishedMarker] || $0.isEmpty }) == true else { continue }
            unlink(join(path, unfinishedMarker))
            rmdir(path)
        }
    }
}

// A member of `FileSystem` hides the system call of the same name.
private func closeDescriptor(_ descriptor: Int32) -> Int32 { close(descriptor) }
