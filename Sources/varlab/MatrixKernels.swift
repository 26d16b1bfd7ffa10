import CKernels
import Foundation

/// OpenBLAS chooses the kernels of its matrix products by processor, and kernels differ in the last bits.
enum MatrixKernels {
    /// Starts the program anew with the kernels for AVX2, so that training gives the same bytes on every x86-64 processor that
    /// has it. OpenBLAS reads its environment when it is loaded, before the program begins. Where `OPENBLAS_CORETYPE` is set
    /// already it stays; other processors keep what OpenBLAS chooses for them.
    ///
    /// - Parameter command: the subcommand; nothing happens for one that trains no network.
    static func pin(for command: String?) {
        #if os(Linux) && arch(x86_64)
            guard let command, ["train", "sweep", "reproduce"].contains(command) else { return }
            guard getenv("OPENBLAS_CORETYPE") == nil, varlab_variant_is_available(VARLAB_AVX2) else { return }
            setenv("OPENBLAS_CORETYPE", "Haswell", 1)
            var arguments = CommandLine.arguments.map { strdup($0) } + [nil]
            execv("/proc/self/exe", &arguments)
            // Without /proc the run goes on with the processor's own kernels.
            arguments.forEach { free($0) }
            unsetenv("OPENBLAS_CORETYPE")
        #endif
    }
}
