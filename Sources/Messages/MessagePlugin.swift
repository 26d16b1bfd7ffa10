import CMessages
import Foundation

/// Finds what speaks a cluster's MPI: a plug-in, compiled there from `mpi.c`, or what was built in by the trait `MPI`.
///
/// The contract is in `varlab_messages.h`.
public enum MessagePlugin {
    /// What stands for the path of a plug-in where the trait `MPI` is built in.
    public static let builtIn = "built-in"

    /// Loads a plug-in and starts its library. To be called once in the life of a process.
    /// - Parameters:
    ///   - path: of the shared library; or ``builtIn``.
    ///   - environment: what the launcher has set.
    /// - Throws: where there is no such plug-in, or it is of another version; and where the launcher has started several processes but
    ///   the library is alone. Each would do the whole run and write the same output: so it is without the library's own launcher.
    public static func start(
        path: String, environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(MessagePluginError) -> RankMessages {
        let functions = try path == builtIn ? functionsBuiltIn() : functions(path: path)
        var rank: Int32 = 0, count: Int32 = 1
        let refusal = functions.start(&rank, &count)
        let ranks = RankMessages(functions, rank: Int(rank), count: Int(count))
        // What is on one line, `Open MPI v4.1.4`.
        guard refusal == 0 else { throw .withoutThreads(library: ranks.library) }
        if count == 1, let (variable, launched) = launchedCount(environment), launched > 1 {
            throw .strangers(library: ranks.library, variable: variable, launched: launched)
        }
        return ranks
    }

    /// How many processes the launcher says it has started, and where it says so: Open MPI's mpirun, one that speaks PMI such as MPICH's, or srun.
    static func launchedCount(_ environment: [String: String]) -> (variable: String, count: Int)? {
        ["OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS"]
            .compactMap { name in environment[name].flatMap { Int($0) }.map { (name, $0) } }
            .max { $0.1 < $1.1 }
    }

    private static func functions(path: String) throws(MessagePluginError) -> varlab_messages {
        // A bare name is one of this folder; the loader would look for it in the system's folders.
        let file = path.contains("/") ? path : "./" + path
        guard FileManager.default.fileExists(atPath: file) else { throw .notLoaded(path: path, reason: "no such file") }
        // Global: Open MPI loads components of its own, which look for its symbols.
        guard let handle = dlopen(file, RTLD_NOW | RTLD_GLOBAL) else {
            throw .notLoaded(path: path, reason: dlerror().map { String(cString: $0) } ?? "for an unknown reason")
        }
        guard let symbol = dlsym(handle, "varlab_messages_plugin") else { throw .notPlugin(path: path) }
        typealias Plugin = @convention(c) () -> UnsafePointer<varlab_messages>?
        guard let functions = unsafeBitCast(symbol, to: Plugin.self)() else { throw .notPlugin(path: path) }
        // Of another version nothing else may be looked at.
        let version = UnsafeRawPointer(functions).load(as: UInt32.self)
        guard version == VARLAB_MESSAGES_VERSION else {
            throw .otherVersion(path: path, found: version, expected: UInt32(VARLAB_MESSAGES_VERSION))
        }
        return functions.pointee
    }

    private static func functionsBuiltIn() throws(MessagePluginError) -> varlab_messages {
        #if MPI
            return varlab_messages_plugin().pointee
        #else
            throw .notBuiltIn
        #endif
    }
}
