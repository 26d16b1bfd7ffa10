import Files

// Times the library's own work inside one process, as Benchmarks/peers does for theirs: one line of JSON with the seconds
// of each run after one that does not count, and a result by which a reader sees that both computed the same thing.
//
//     varlab-benchmark CASE REPEAT [TRACE]
//
// TRACE is the recorded trace of the cases that read one.

import Distributions
import Experiments
import Foundation
import GradientStatistics
import Traces
import Report
import Simulation
import Theory

let cores = ProcessInfo.processInfo.activeProcessorCount
let allMeans = [0, 0.001, 0.01, 0.1, 1, 10]

func simulation(means: [Double], threads: Int, trajectories: Int = 5000) throws -> Double {
    let parameters = try SimulationParameters(means: means, trajectories: trajectories)
    return try MonteCarlo(parameters).run(threads: threads).curves[0].variance.last!!
}

func exactCurve(means: [Double]) throws -> Double {
    try ExactLaw(beta2: 0.999, means: means).moments(at: Array(1...6000))[0].last!.variance
}

let radamStep = OptimizerStep("radam", threads: cores)
let memoryStream = MemoryStream(threads: cores)
let trainingStep = TrainingStep()
let fashionStep = ResidualStep(inputs: 1, side: 14, widths: [8, 16, 32])
let cifarStep = ResidualStep(inputs: 3, side: 32, widths: [16, 32, 64])
let adamStep = OptimizerStep("adam", threads: cores)
/// Reads the trace, and counts all its gradients by ln|g| from -20 to 0; the fullest bin.
func traceHistogram() throws -> Double {
    var histogram = try LogMagnitudeHistogram(largest: 1)
    try histogram.add(RecordedTrace.open(CommandLine.arguments[3]).arrays[0], threads: cores)
    return Double(histogram.counts.max()!)
}

/// Reads it and adds it up.
func traceSum() throws -> Double {
    var sum = 0.0
    try RecordedTrace.open(CommandLine.arguments[3]).arrays[0].forEachBlock { for value in $0.values { sum += value } }
    return sum
}

/// Hashes its bytes.
func traceDigest() throws -> Double {
    let hash = SHA256()
    guard let file = FileHandle(forReadingAtPath: CommandLine.arguments[3]) else { return .nan }
    while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty { piece.withUnsafeBytes { hash.update($0) } }
    return Double(Int(hash.hexadecimal().prefix(8), radix: 16)!)
}

/// One curve t = 1…6000 of gradients that are not i.i.d. normal: its last variance.
func processCurve(_ process: GradientProcess) throws -> Double {
    try ExactProcessLaw(beta2: 0.999, process: process).moments(at: Array(1...6000)).last!!.variance
}

/// A million quantiles of the Laplace law, of variance 1 and none of them twice.
let recordedValues = (0..<1_000_000).map { index in
    let level = (Double(index) + 0.5) / 1_000_000
    return (level < 0.5 ? log(2 * level) : -log(2 * (1 - level))) / 2.0.squareRoot()
}

let cases: [String: () throws -> Double] = [
    "radam-step": { try radamStep.run() },
    "memory-stream": { memoryStream.run() },
    "adam-step": { try adamStep.run() },
    "training-step": { try trainingStep.run() },
    "residual-step": { try fashionStep.run() },
    "residual-step-cifar": { try cifarStep.run() },
    "simulate-6": { try simulation(means: allMeans, threads: cores) },
    "simulate-1": { try simulation(means: [0], threads: cores) },
    "simulate-6-one-thread": { try simulation(means: allMeans, threads: 1) },
    "exact-curve": { try exactCurve(means: [0]) },
    "exact-curves-6": { try exactCurve(means: allMeans) },
    "exact-steps": {
        try ExactLaw(beta2: 0.999, means: [0]).moments(at: [5, 10, 100, 1000, 6000])[0].last!.variance
    },
    "exact-laplace": { try processCurve(GradientProcess(.laplace)) },
    "exact-ar1": { try processCurve(GradientProcess(.normal, autocorrelation: 0.9)) },
    "exact-trace": { try processCurve(GradientProcess(.recorded, recorded: recordedValues)) },
    "update-rms": {
        try UpdateSecondMomentSweep(beta1: 0.9, beta2: 0.999, lastStep: 6000).secondMoments(at: Array(1...6000)).last!.squareRoot()
    },
    "update-quantiles": {
        let distribution = try UpdateDistribution(UpdateLaw(beta1: 0.9, beta2: 0.999, step: 100))
        return try [0.5, 0.9, 0.99].map { try distribution.quantileOfSize($0) }[2]
    },
    "trace-histogram": traceHistogram,
    "trace-sum": traceSum,
    "trace-digest": traceDigest,
    "rho-table": {
        let table = try RhoTable(beta2: [0.999], steps: Array(1...6000)).table()
        let path = FileManager.default.temporaryDirectory.appending(path: "varlab-benchmark-\(getpid()).csv").path
        defer { unlink(path) }
        try OutputFile(path: path, force: true).write(CSVWriter().bytes(of: table))
        guard case .real(let values)? = table["var_exact"]?.values else { return .nan }
        return values[5999]!
    },
]

let arguments = CommandLine.arguments
guard arguments.count == (arguments.dropFirst().first?.hasPrefix("trace-") == true ? 4 : 3), let run = cases[arguments[1]], let repeats = Int(arguments[2]), repeats > 0 else {
    FileHandle.standardError.write(Data("usage: varlab-benchmark \(cases.keys.sorted().joined(separator: "|")) REPEAT [TRACE]\n".utf8))
    exit(EX_USAGE)
}
var result = try run()
var seconds: [Double] = []
for _ in 0..<repeats {
    let start = ContinuousClock.now
    result = try run()
    seconds.append((ContinuousClock.now - start) / .seconds(1))
}
print("{\"case\": \"\(arguments[1])\", \"seconds\": [\(seconds.map { String($0) }.joined(separator: ", "))], \"result\": \(result)}")
