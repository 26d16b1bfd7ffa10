import ArgumentParser

struct Varlab: ParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "varlab",
        abstract: "The variance of the adaptive learning rate: theory, exact law, simulation, figures.",
        discussion: """
            After "On the Variance of the Adaptive Learning Rate and Beyond" (RAdam; Liu et al., ICLR 2020). Exit status: 0, \
            64 for a bad argument, 65 for a file that cannot be used, 69 when a program such as gnuplot is missing, 70 when a \
            computation fails, 73 when output cannot be written.
            """,
        version: version,
        subcommands: [
            RhoTableCommand.self, VarianceCommand.self, ExactCommand.self, DistributionCommand.self, SimulateCommand.self,
            GradientsCommand.self, ReplayCommand.self, ScheduleCommand.self, TrainCommand.self, SweepCommand.self, ReproduceCommand.self,
        ])
}
