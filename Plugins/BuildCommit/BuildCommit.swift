import Foundation
import PackagePlugin

/// Writes the commit that is built into a source file; see `commit.sh`. It runs when git's head or a source has changed.
@main struct BuildCommit: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: Target) throws -> [Command] {
        let package = context.package.directoryURL
        let output = context.pluginWorkDirectoryURL.appending(path: "BuildCommit.swift")
        let script = package.appending(path: "Scripts/build_commit.sh")
        return [
            .buildCommand(
                displayName: "Commit of the build", executable: URL(fileURLWithPath: "/bin/sh"),
                arguments: [script.path, package.path, output.path],
                inputFiles: [script] + heads(package) + sources(package), outputFiles: [output])
        ]
    }

    /// The files that change with the commit, where they are: in a clone, none in a tarball.
    private func heads(_ package: URL) -> [URL] {
        var folder = package.appending(path: ".git")
        // In a worktree a file that says where the folder is.
        if let text = try? String(contentsOf: folder, encoding: .utf8), text.hasPrefix("gitdir: ") {
            let path = text.dropFirst(8).trimmingCharacters(in: .whitespacesAndNewlines)
            folder = URL(fileURLWithPath: path, relativeTo: package)
        }
        return ["HEAD", "logs/HEAD"].map { folder.appending(path: $0) }.filter { FileManager.default.fileExists(atPath: $0.path) }
    }

    private func sources(_ package: URL) -> [URL] {
        let folder = package.appending(path: "Sources")
        let names = FileManager.default.enumerator(atPath: folder.path)?.allObjects as? [String] ?? []
        return names.sorted().filter { $0.hasSuffix(".swift") || $0.hasSuffix(".c") || $0.hasSuffix(".h") }.map { folder.appending(path: $0) }
    }
}
