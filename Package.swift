// swift-tools-version: 6.1
// Data flows one way: gradient source → optimizer or statistic → table → CSV, SVG. The manifest enforces it:
// a lower target cannot import a higher one, so a statistic cannot print and a writer cannot compute.
import PackageDescription

let package = Package(
    name: "varlab",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "Theory", targets: ["Errors", "Theory"]),
        .library(name: "Distributions", targets: ["Distributions"]),
        .library(name: "Optimizers", targets: ["Optimizers"]),
        .library(name: "Simulation", targets: ["Simulation"]),
        .library(name: "Report", targets: ["Report"]),
        .executable(name: "varlab", targets: ["varlab"]),
    ],
    traits: [
        .trait(name: "MPI", description: "Messages by an MPI that is linked in, for --mpi built-in; needs its compiler flags (make mpi)."),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        .systemLibrary(name: "CGSL", pkgConfig: "gsl", providers: [.apt(["libgsl-dev"]), .brew(["gsl"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
        .systemLibrary(name: "CLibCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"]), .brew(["openssl@3"])]),
        // The C library's elementary functions and memory, without Foundation.
        .systemLibrary(name: "CLibC"),
        .target(name: "CKernels"),
        .target(name: "CDatasets", exclude: ["Files"]),
        // The contract with plug-ins that speak MPI, and the source of one; without the trait it compiles to nothing.
        .target(name: "CMessages", cSettings: [.define("VARLAB_MPI", .when(traits: ["MPI"]))]),
        // What everything else stands on: errors that say what they mean to a shell, threads, files that are whole or absent.
        .target(name: "Errors"),
        .target(name: "Concurrency"),
        .target(name: "Files", dependencies: ["CLibC", "CLibCrypto", "Errors"]),
        .target(name: "Messages", dependencies: ["CMessages", "Errors"]),
        .target(name: "SpecialFunctions", dependencies: ["CKernels", "CLibC"]),
        .target(name: "Theory", dependencies: ["CKernels", "CLibC", "Errors", "SpecialFunctions"]),
        .target(name: "Distributions", dependencies: ["CGSL", "CKernels", "CLibC", "Errors", "SpecialFunctions", "Theory"]),
        .target(name: "Traces", dependencies: ["CKernels", "CZlib", "Concurrency", "Errors", "Files"]),
        .target(name: "Simulation", dependencies: ["CKernels", "CLibC", "Concurrency", "Errors", "SpecialFunctions", "Theory"]),
        .target(name: "GradientStatistics", dependencies: ["CKernels", "Concurrency", "Distributions", "Errors", "SpecialFunctions", "Theory", "Traces"]),
        .target(name: "Optimizers", dependencies: ["CKernels", "CLibC", "Errors", "Theory"]),
        .target(name: "Training", dependencies: ["CDatasets", "CKernels", "CZlib", "Errors", "Files", "Optimizers", "Simulation", "Theory"]),
        .target(name: "Report", dependencies: ["Errors", "Files"]),
        .target(
            name: "Experiments",
            dependencies: [
                "CDatasets", "Concurrency", "Distributions", "Errors", "Files", "GradientStatistics", "Messages", "Optimizers", "Report", "Simulation",
                "SpecialFunctions", "Theory", "Traces", "Training",
            ]),
        .executableTarget(
            name: "varlab",
            dependencies: [
                "CKernels", "Distributions", "Errors", "Experiments", "Files", "Messages", "Optimizers", "Report", "Simulation", "SpecialFunctions",
                "Theory", "Traces", "Training",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Yams", package: "Yams"),
            ],
            plugins: ["BuildCommit"]),
        // Writes the commit that is built, for `--version` and run.json.
        .plugin(name: "BuildCommit", capability: .buildTool()),
        // Not a product: `make bench` builds and runs it.
        .executableTarget(
            name: "varlab-benchmark",
            dependencies: [
                "Distributions", "Experiments", "GradientStatistics", "Optimizers", "Report", "Simulation", "Theory", "Traces", "Training",
            ],
            path: "Benchmarks/varlab-benchmark"),
        .target(name: "TestSupport", dependencies: ["CKernels", "Messages"], path: "Tests/TestSupport"),
        .testTarget(name: "SpecialFunctionsTests", dependencies: ["Errors", "SpecialFunctions", "TestSupport"], exclude: ["Reference"]),
        .testTarget(
            name: "TheoryTests", dependencies: ["Errors", "Theory", "SpecialFunctions", "CKernels", "TestSupport"], exclude: ["Reference"]),
        .testTarget(name: "DistributionsTests", dependencies: ["Errors", "Distributions", "SpecialFunctions", "Theory", "TestSupport"]),
        .testTarget(name: "ConcurrencyTests", dependencies: ["Concurrency"]),
        .testTarget(name: "FilesTests", dependencies: ["Errors", "Files", "Report", "TestSupport"]),
        .testTarget(name: "MessagesTests", dependencies: ["CMessages", "Errors", "Messages", "TestSupport"]),
        .testTarget(name: "SimulationTests", dependencies: ["Errors", "Simulation", "CKernels", "TestSupport"]),
        .testTarget(
            name: "GradientStatisticsTests",
            dependencies: [
                "CKernels", "Concurrency", "Distributions", "Errors", "GradientStatistics", "SpecialFunctions", "TestSupport", "Theory", "Traces",
            ],
            resources: [.copy("Files")]),
        .testTarget(
            name: "ExperimentsTests",
            dependencies: [
                "Distributions", "Errors", "Experiments", "Files", "Messages", "Optimizers", "Report", "Simulation", "SpecialFunctions", "TestSupport",
                "Theory", "Traces",
            ]),
        .testTarget(name: "TracesTests", dependencies: ["CKernels", "CZlib", "Errors", "Files", "Traces", "TestSupport"], resources: [.copy("Files")]),
        .testTarget(
            name: "OptimizersTests", dependencies: ["Errors", "Optimizers", "Theory", "CKernels", "TestSupport"], resources: [.copy("Reference")]),
        .testTarget(
            name: "TrainingTests",
            dependencies: ["CZlib", "Errors", "Files", "Training", "CDatasets", "CKernels", "Optimizers", "Simulation", "TestSupport", "Theory"],
            resources: [.copy("Reference")]),
        .testTarget(name: "ReportTests", dependencies: ["Errors", "Files", "Report", "TestSupport"]),
        .testTarget(
            name: "VarlabTests",
            dependencies: [
                "Errors", "Experiments", "Files", "Optimizers", "Report", "Simulation", "TestSupport", "Theory", "varlab",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c17
)

// The numbers for other languages: a dynamic library over the header in Sources/CVarlab, which the compiler holds it to. That takes `@c`.
#if compiler(>=6.3)
    package.products.append(.library(name: "varlabc", type: .dynamic, targets: ["VarlabC"]))
    package.targets += [
        .target(name: "CVarlab", exclude: ["exports.map"]),
        .target(
            name: "VarlabC",
            dependencies: [
                "CLibC", "CVarlab", "Concurrency", "Distributions", "Errors", "Optimizers", "Simulation", "Theory",
            ]),
    ]
#endif
