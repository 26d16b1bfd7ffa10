// swift-tools-version: 6.1
// Data flows one way: theory and simulation → experiment → table and figure. The manifest enforces it:
// a lower target cannot import a higher one, so a statistic cannot print and a writer cannot compute.
import PackageDescription

let package = Package(
    name: "varlab",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "Theory", targets: ["Theory"]),
        .library(name: "Optimizers", targets: ["Optimizers"]),
        .library(name: "Simulation", targets: ["Simulation"]),
        .library(name: "Report", targets: ["Report"]),
        .executable(name: "varlab", targets: ["varlab"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    ],
    targets: [
        .systemLibrary(name: "CGSL", pkgConfig: "gsl", providers: [.apt(["libgsl-dev"]), .brew(["gsl"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
        .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
        .target(name: "CKernels"),
        .target(name: "CDatasets", exclude: ["Files"]),
        .target(name: "SpecialFunctions", dependencies: ["CGSL"]),
        .target(name: "Theory", dependencies: ["SpecialFunctions", "CKernels"]),
        .target(name: "Gradients", dependencies: ["CZlib"]),
        .target(name: "Simulation", dependencies: ["Theory", "CKernels"]),
        .target(name: "GradientStatistics", dependencies: ["SpecialFunctions", "Theory"]),
        .target(name: "Optimizers", dependencies: ["Theory", "CKernels"]),
        .target(name: "Training", dependencies: ["COpenBLAS", "CDatasets", "CKernels", "Optimizers", "Simulation", "Theory"]),
        .target(name: "Report"),
        .target(
            name: "Experiments",
            dependencies: [
                "CDatasets", "SpecialFunctions", "Theory", "Simulation", "Gradients", "GradientStatistics", "Optimizers", "Training",
                "Report",
            ]),
        .executableTarget(
            name: "varlab",
            dependencies: [
                "CKernels", "Experiments", "Gradients", "Optimizers", "Report", "Simulation", "SpecialFunctions", "Theory",
                "Training",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        // Not a product: `make bench` builds and runs it.
        .executableTarget(
            name: "varlab-benchmark",
            dependencies: ["Experiments", "Gradients", "GradientStatistics", "Optimizers", "Simulation", "Theory", "Training", "Report"],
            path: "Benchmarks/varlab-benchmark"),
        .testTarget(name: "SpecialFunctionsTests", dependencies: ["SpecialFunctions"]),
        .testTarget(name: "TheoryTests", dependencies: ["Theory", "SpecialFunctions", "CKernels"], resources: [.copy("Reference")]),
        .testTarget(name: "SimulationTests", dependencies: ["Simulation", "CKernels"]),
        .testTarget(
            name: "GradientStatisticsTests", dependencies: ["GradientStatistics", "SpecialFunctions", "Theory"],
            resources: [.copy("Files")]),
        .testTarget(
            name: "ExperimentsTests",
            dependencies: ["Experiments", "Gradients", "Optimizers", "Report", "Simulation", "SpecialFunctions", "Theory"]),
        .testTarget(name: "GradientsTests", dependencies: ["Gradients"], resources: [.copy("Files")]),
        .testTarget(
            name: "OptimizersTests", dependencies: ["Optimizers", "Theory", "CKernels"], resources: [.copy("Reference")]),
        .testTarget(
            name: "TrainingTests", dependencies: ["Training", "CDatasets", "CKernels", "Optimizers", "Simulation", "Theory"],
            resources: [.copy("Reference")]),
        .testTarget(name: "ReportTests", dependencies: ["Report"]),
        .testTarget(name: "VarlabTests", dependencies: ["varlab"]),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c17
)
