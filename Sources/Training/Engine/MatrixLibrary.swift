import CKernels
import Errors
import Foundation

/// OpenBLAS, which multiplies the matrices of a network. It is loaded when it is first needed: what trains no network neither
/// waits for it nor needs it installed.
///
/// It chooses its kernels by processor, and kernels differ in the last bits. So on x86-64 those for AVX2 are asked for where the
/// processor has it, and training gives the same bytes on all of these; where `OPENBLAS_CORETYPE` is set already it stays.
package struct MatrixLibrary: Sendable {
    // The Fortran interface, since its names are of this library alone: GSL brings a CBLAS too.
    typealias SingleProduct = @convention(c) (
        UnsafePointer<CChar>, UnsafePointer<CChar>, UnsafePointer<Int32>, UnsafePointer<Int32>, UnsafePointer<Int32>,
        UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Int32>, UnsafePointer<Float>, UnsafePointer<Int32>,
        UnsafePointer<Float>, UnsafeMutablePointer<Float>, UnsafePointer<Int32>
    ) -> Void
    typealias DoubleProduct = @convention(c) (
        UnsafePointer<CChar>, UnsafePointer<CChar>, UnsafePointer<Int32>, UnsafePointer<Int32>, UnsafePointer<Int32>,
        UnsafePointer<Double>, UnsafePointer<Double>, UnsafePointer<Int32>, UnsafePointer<Double>, UnsafePointer<Int32>,
        UnsafePointer<Double>, UnsafeMutablePointer<Double>, UnsafePointer<Int32>
    ) -> Void

    let singleProduct: SingleProduct
    let doubleProduct: DoubleProduct
    /// Its version and the processor whose kernels it runs, such as `0.3.21 Haswell`.
    package let version: String

    /// The address space that one thread's products need: the library's buffer for it, and what a network has beside.
    package static let bytesPerThread = 160 << 20
    /// The address space that the library itself needs.
    package static let bytesOfLibrary = 64 << 20

    /// Loads the library and makes sure that so many threads can multiply.
    ///
    /// Without this the library would ask the system for its buffers again and again, without end.
    /// - Throws: ``MatrixLibraryError`` where there is no library, or too little memory.
    package static func prepare(threads: Int) throws(MatrixLibraryError) -> MatrixLibrary {
        let (perThreads, overflow) = bytesPerThread.multipliedReportingOverflow(by: max(threads, 1))
        let bytes = overflow ? Int.max : perThreads + bytesOfLibrary
        // Address space alone: nothing is touched, and memory that other programs leave is not asked for.
        let probe = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON | MAP_NORESERVE, -1, 0)
        guard let probe, probe != MAP_FAILED else { throw .noMemory(bytes: bytes, threads: max(threads, 1)) }
        munmap(probe, bytes)
        return try shared.get()
    }

    /// The one library of the process.
    static let loaded: MatrixLibrary = {
        switch shared {
        case .success(let library): return library
        case .failure(let error): preconditionFailure(error.description)
        }
    }()

    private static let shared: Result<MatrixLibrary, MatrixLibraryError> = Result { () throws(MatrixLibraryError) in try load() }

    private static func load() throws(MatrixLibraryError) -> MatrixLibrary {
        // It reads its environment while it is loaded.
        var settings = [("OPENBLAS_NUM_THREADS", "1")]  // Runs go in parallel instead.
        #if arch(x86_64)
            if varlab_variant_is_available(VARLAB_AVX2) { settings.append(("OPENBLAS_CORETYPE", "Haswell")) }
        #endif
        let added = settings.filter { getenv($0.0) == nil }
        for (name, value) in added { setenv(name, value, 1) }
        defer { for (name, _) in added { unsetenv(name) } }

        guard let handle = names.lazy.compactMap({ dlopen($0, RTLD_NOW | RTLD_LOCAL) }).first else { throw .missing }
        guard let single = dlsym(handle, "sgemm_"), let double = dlsym(handle, "dgemm_"),
            let setThreads = dlsym(handle, "openblas_set_num_threads"), let config = dlsym(handle, "openblas_get_config"),
            let core = dlsym(handle, "openblas_get_corename")
        else { throw .missing }
        typealias Text = @convention(c) () -> UnsafePointer<CChar>?
        unsafeBitCast(setThreads, to: (@convention(c) (Int32) -> Void).self)(1)
        func text(_ symbol: UnsafeMutableRawPointer) -> String { unsafeBitCast(symbol, to: Text.self)().map { String(cString: $0) } ?? "" }
        // `OpenBLAS 0.3.21 DYNAMIC_ARCH …`
        let words = text(config).split(separator: " ")
        return MatrixLibrary(
            singleProduct: unsafeBitCast(single, to: SingleProduct.self), doubleProduct: unsafeBitCast(double, to: DoubleProduct.self),
            version: "\(words.count > 1 ? words[1] : "unknown") \(text(core))")
    }

    private static var names: [String] {
        #if os(macOS)
            ["/opt/homebrew/opt/openblas/lib/libopenblas.dylib", "/usr/local/opt/openblas/lib/libopenblas.dylib", "libopenblas.dylib"]
        #else
            ["libopenblas.so.0", "libopenblas.so"]
        #endif
    }
}

/// Why no network can be trained here.
package enum MatrixLibraryError: ReportedError, Equatable {
    case missing
    case noMemory(bytes: Int, threads: Int)

    package var exitClass: ExitClass {
        switch self {
        case .missing: .unavailable
        case .noMemory: .software
        }
    }

    package var description: String {
        switch self {
        case .missing: "OpenBLAS is not found; training needs it (apt-get install libopenblas0, or brew install openblas)"
        case .noMemory(let bytes, let threads):
            "training on \(threads) \(threads == 1 ? "thread" : "threads") needs \(bytes >> 20) MB of address space, "
                + "which the system or a limit (ulimit -v) does not give; fewer --threads need less"
        }
    }
}
