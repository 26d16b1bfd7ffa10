import CMessages
import Errors
import Foundation
import TestSupport
import Testing

@testable import Messages

/// Plug-ins of C that know no MPI, compiled here. What a real MPI does is tried by `Tests/Cluster`.
@Suite struct MessagePluginTests {
    private static let compiler = ["/usr/bin/cc", "/usr/bin/clang"].first { FileManager.default.isExecutableFile(atPath: $0) }

    /// A plug-in with that version, whose library says it is alone.
    private func plugin(_ scratch: Scratch, version: Int, refusal: Int = 0) throws -> String {
        let header = Repository.root.appending(path: "Sources/CMessages/include/varlab_messages.h").path
        let source = try scratch.put(
            """
            #include "\(header)"
            static int32_t start(int32_t *rank, int32_t *size) { *rank = 0, *size = 1; return \(refusal); }
            static const char *library(void) { return "Lonely  MPI v0.1, of nowhere"; }
            static int64_t last;
            static void report(int64_t n, int32_t is_last) { last = is_last ? n : last; }
            static int64_t reported(int32_t *unfinished) { *unfinished = !last; return last; }
            static void finish(void) {}
            static const struct varlab_messages table = {
                .version = \(version), .start = start, .library = library, .report = report, .reported = reported, .finish = finish};
            const struct varlab_messages *varlab_messages_plugin(void) { return &table; }
            """, at: "plugin.c")
        return try shared(source, scratch)
    }

    private func shared(_ source: String, _ scratch: Scratch) throws -> String {
        let library = scratch.path("plugin.so")
        let process = try Process.run(URL(fileURLWithPath: Self.compiler!), arguments: ["-shared", "-fPIC", source, "-o", library])
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return library
    }

    private func failure(_ path: String, _ environment: [String: String] = [:]) -> MessagePluginError? {
        do throws(MessagePluginError) {
            _ = try MessagePlugin.start(path: path, environment: environment)
            return nil
        } catch { return error }
    }

    @Test func aMissingPluginIsNamed() throws {
        let scratch = try Scratch()
        #expect(failure(scratch.path("none.so")) == .notLoaded(path: scratch.path("none.so"), reason: "no such file"))
        let text = try scratch.put("no library", at: "text.so")
        guard case .notLoaded(text, let reason) = failure(text) else { Issue.record("loaded a text"); return }
        #expect(!reason.isEmpty)
        #expect(failure(MessagePlugin.builtIn) == .notBuiltIn)
    }

    @Test(.enabled(if: compiler != nil)) func otherLibrariesAreNoPlugins() throws {
        let scratch = try Scratch()
        let library = try shared(try scratch.put("int nothing(void) { return 0; }", at: "nothing.c"), scratch)
        #expect(failure(library) == .notPlugin(path: library))
    }

    @Test(.enabled(if: compiler != nil)) func otherVersionsAreRefused() throws {
        let scratch = try Scratch()
        let library = try plugin(scratch, version: 2)
        #expect(failure(library) == .otherVersion(path: library, found: 2, expected: 1))
    }

    @Test(.enabled(if: compiler != nil)) func aLibraryWithoutThreadsIsRefused() throws {
        let scratch = try Scratch()
        #expect(failure(try plugin(scratch, version: 1, refusal: 1)) == .withoutThreads(library: "Lonely MPI v0.1"))
    }

    /// Without its own launcher an MPI starts as many runs as there are processes.
    @Test(.enabled(if: compiler != nil), arguments: ["OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS"])
    func aSingletonAmongManyIsRefused(variable: String) throws {
        let scratch = try Scratch()
        let library = try plugin(scratch, version: 1)
        #expect(failure(library, [variable: "1"]) == nil)
        #expect(failure(library, [variable: "several"]) == nil)
        let error = failure(library, [variable: "4", "SLURM_STEP_NUM_TASKS_": "9"])
        #expect(error == .strangers(library: "Lonely MPI v0.1", variable: variable, launched: 4))
        #expect(error?.exitClass == .unavailable)
        #expect(error?.description.contains("\(variable) says 4") == true)
    }

    @Test(.enabled(if: compiler != nil)) func aProcessAloneIsRankZero() throws {
        let scratch = try Scratch()
        let ranks = try MessagePlugin.start(path: plugin(scratch, version: 1), environment: [:])
        #expect(ranks.rank == 0 && ranks.count == 1)
        #expect(ranks.reported() == (0, 1))
        ranks.reportLast(finished: 12)
        #expect(ranks.reported() == (12, 0))
        #expect(ranks.gather([1], encode: { $0 }) { _, _, _ in Issue.record("there is nobody") } == [1])
        ranks.finish()
        // After it has left, a failure of this process is its own; the table has no function for more.
        ranks.abort(status: 70)
    }
}
