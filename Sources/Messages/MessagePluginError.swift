import Errors

/// Why the processes of a run cannot speak with each other.
public enum MessagePluginError: ReportedError, Equatable {
    /// There is no such file, or it needs a library that is not there; in the loader's words.
    case notLoaded(path: String, reason: String)
    /// A library, but without `varlab_messages_plugin`.
    case notPlugin(path: String)
    /// Compiled from the source of another version of the contract.
    case otherVersion(path: String, found: UInt32, expected: UInt32)
    /// The program was built without the trait `MPI`.
    case notBuiltIn
    /// The library gives no program with threads what it needs (`MPI_THREAD_SERIALIZED`).
    case withoutThreads(library: String)
    /// The launcher has started several processes, and the library knows of none but this one.
    case strangers(library: String, variable: String, launched: Int)

    public var exitClass: ExitClass {
        switch self {
        case .notLoaded, .notBuiltIn, .withoutThreads, .strangers: .unavailable
        case .notPlugin, .otherVersion: .usage
        }
    }

    public var description: String {
        switch self {
        case .notLoaded(let path, let reason): "--mpi \(path): cannot be loaded (\(reason))"
        case .notPlugin(let path): "--mpi \(path): is no plug-in of varlab; mpicc -shared -fPIC mpi.c -o varlab-mpi.so makes one"
        case .otherVersion(let path, let found, let expected):
            "--mpi \(path): speaks version \(found) of the messages, this varlab version \(expected); compile its mpi.c again"
        case .notBuiltIn: "--mpi \(MessagePlugin.builtIn): this varlab was built without the trait MPI; name a plug-in"
        case .withoutThreads(let library): "\(library) does not serve programs with threads (MPI_THREAD_SERIALIZED)"
        case .strangers(let library, let variable, let launched):
            "\(library) knows of one process where \(variable) says \(launched): the launcher is another MPI's, "
                + "or srun needs --mpi=pmix (Open MPI) or --mpi=pmi2 (MPICH)"
        }
    }
}
