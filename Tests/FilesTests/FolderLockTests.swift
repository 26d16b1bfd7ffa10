import Files
import Foundation
import TestSupport
import Testing

struct FolderLockTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func reason(_ body: () throws -> Void) -> OutputError.Reason? {
        #expect(throws: OutputError.self) { try body() }?.reason
    }

    @Test func isHeldOnce() throws {
        let lock = try FolderLock(folder: scratch.path)
        let error = #expect(throws: OutputError.self) { try FolderLock(folder: scratch.path) }
        #expect(error == OutputError(path: scratch.path, reason: .inUse))
        #expect(error?.description == "\(scratch.path): is being written to by another varlab process")
        #expect(error?.exitClass == .cannotCreate)
        lock.release()
        lock.release()
        #expect(scratch.names == [])
        // Forgotten without being released: the same.
        _ = try FolderLock(folder: scratch.path)
        #expect(scratch.names == [])
    }

    /// By whatever path the folder is named.
    @Test func isOfTheFolderAndNotOfItsPath() throws {
        mkdir(scratch.path("real"), 0o755)
        symlink("real", scratch.path("link"))
        let lock = try FolderLock(folder: scratch.path("real"))
        for path in ["real/", "real/.", "link", "link/", "real/../real"] {
            #expect(reason { _ = try FolderLock(folder: scratch.path(path)) } == .inUse, "\(path)")
        }
        lock.release()
        #expect(scratch.names("real") == [])
    }

    @Test func anotherProcessIsRefused() async throws {
        let lock = try FolderLock(folder: scratch.path)
        let path = scratch.path
        await #expect(processExitsWith: .exitCode(3)) { [path = path as String] in
            do throws(OutputError) {
                _ = try FolderLock(folder: path)
            } catch {
                exit(error.reason == .inUse ? 3 : 4)
            }
        }
        lock.release()
        await #expect(processExitsWith: .exitCode(0)) { [path = path as String] in
            try FolderLock(folder: path).release()
            exit(0)
        }
    }

    /// A process that is killed leaves the file, which hinders nobody.
    @Test func diesWithItsProcess() async throws {
        let path = scratch.path
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            let lock = try FolderLock(folder: path)
            kill(getpid(), SIGKILL)
            lock.release()
        }
        #expect(scratch.names.count == 1)
        try FolderLock(folder: scratch.path).release()
        #expect(scratch.names == [])
    }

    @Test func whatOthersMadeOfThatNameStays() throws {
        let name = ".varlab.lock"
        try scratch.put("precious", at: name)
        #expect(reason { _ = try FolderLock(folder: scratch.path) } == .notOwn)
        #expect(scratch.text(name) == "precious")
        unlink(scratch.path(name))
        try scratch.put("", at: "target")
        symlink("target", scratch.path(name))
        #expect(reason { _ = try FolderLock(folder: scratch.path) } == .notOwn)
        unlink(scratch.path(name))
        mkdir(scratch.path(name), 0o755)
        #expect(reason { _ = try FolderLock(folder: scratch.path) } == .notOwn)
        rmdir(scratch.path(name))
        mkfifo(scratch.path(name), 0o600)
        #expect(reason { _ = try FolderLock(folder: scratch.path) } == .notOwn)
        #expect(scratch.names == [name, "target"])
    }

    @Test func systemErrorsAreTheSystems() {
        for (path, code) in [("missing", ENOENT), (String(repeating: "x", count: 300), ENAMETOOLONG)] {
            guard case .system(_, code) = reason({ _ = try FolderLock(folder: scratch.path(path)) }) else {
                Issue.record("another reason for \(path)")
                continue
            }
        }
    }

    /// Many take and release it at once: never two have it, and every one that waits gets it.
    @Test func neverTwoHaveIt() throws {
        let path = scratch.path
        let held = Held()
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            for _ in 0..<100 {
                guard let lock = try? FolderLock(folder: path) else { continue }
                held.enter()
                held.leave()
                lock.release()
            }
        }
        #expect(held.most == 1)
        #expect(scratch.names == [])
    }
}

/// Counts how many are inside at once.
private final class Held: @unchecked Sendable {
    private let lock = NSLock()
    private var inside = 0
    private(set) var most = 0

    func enter() {
        lock.withLock {
            inside += 1
            most = max(most, inside)
        }
    }

    func leave() { lock.withLock { inside -= 1 } }
}
