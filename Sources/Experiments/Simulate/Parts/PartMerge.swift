import Errors
import Files
import Simulation

/// Parts of one run become one state, in any order.
///
/// The first part says which run it is; each further one is refused by name where it is of another, or has what is there already.
public struct PartMerge: Sendable {
    public let simulation: PartwiseSimulation
    public private(set) var state: PartwiseSimulation.State
    /// What says which run it is, as errors name it: the first part, or this run.
    private let reference: String
    private let program: String
    private let settings: [String: String]
    private var shares: [(name: String, share: SimulationShare)] = []

    /// - Parameters:
    ///   - first: the first part.
    ///   - provenance: of this program, whose version and commit the parts must have.
    ///   - threads: for what precedes a run of recorded gradients.
    /// - Throws: ``PartError``, `InputError` and what reading the gradients' files throws.
    public init(_ first: PartFile, provenance: Provenance, threads: Int) throws {
        try first.requireProgram(provenance)
        let experiment = try SimulateExperiment(first.header.parameters, inputs: first.header.inputs, part: first.name)
        self.init(try PartwiseSimulation(experiment, threads: threads), named: first.name, provenance: provenance)
        try add(first)
    }

    /// With nothing in it: for the parts of a run that is known.
    /// - Parameter name: what errors call the run.
    public init(_ simulation: PartwiseSimulation, named name: String, provenance: Provenance) {
        self.simulation = simulation
        state = simulation.empty
        reference = name
        program = PartHeader.programText(provenance)
        settings = simulation.experiment.recordedParameters.settings(simulation.experiment.inputs)
    }

    /// Adds a further part.
    /// - Throws: ``PartError`` or `InputError`.
    public mutating func add(_ part: PartFile) throws {
        guard part.header.programText == program else {
            throw PartError.otherProgram(part: part.name, there: part.header.programText, here: program, of: reference)
        }
        let differences = SettingDifference.all(there: part.header.parameters.settings(part.header.inputs), here: settings)
        guard differences.isEmpty else { throw PartError.otherSettings(part: part.name, differences, of: reference) }
        let other = try part.state(of: simulation), share = other.share
        for (name, there) in shares {
            let both = share.intersection(there)
            if let range = simulation.simulation.trajectories(of: both).first {
                throw PartError.overlap(part: part.name, of: name, trajectories: range)
            }
        }
        shares.append((part.name, share))
        state.merge(other)
    }

    /// - Throws: ``PartError/missing(_:)`` where parts are missing.
    public func requireWhole() throws(PartError) {
        let missing = simulation.simulation.wholeShare.subtracting(state.share)
        guard missing.isEmpty else { throw .missing(simulation.simulation.trajectories(of: missing)) }
    }

    /// The whole run beside all that it is compared to.
    /// - Throws: ``PartError/missing(_:)`` where parts are missing.
    public func outcome(threads: Int) throws -> SimulateOutcome {
        try requireWhole()
        return try simulation.outcome(of: state, threads: threads)!
    }
}

extension PartFile {
    /// Refuses a part of another version of the program: its numbers need not be those that this one makes.
    func requireProgram(_ provenance: Provenance) throws(PartError) {
        let here = PartHeader.programText(provenance)
        guard header.program == "varlab", header.programText == here else {
            throw .otherProgram(part: name, there: header.programText, here: here, of: "this program")
        }
    }

    /// Whether it is just this share of this run, made by this program.
    public func isSame(_ share: SimulationShare, of simulation: PartwiseSimulation, provenance: Provenance) -> Bool {
        header.programText == PartHeader.programText(provenance) && header.parameters == simulation.experiment.recordedParameters
            && header.inputs == simulation.experiment.inputs && (try? state(of: simulation))?.share == share
    }
}

/// Why parts do not make up a run.
public enum PartError: ReportedError, Equatable {
    /// A part that another version of the program made than `of`.
    case otherProgram(part: String, there: String, here: String, of: String)
    /// A part of a run of other settings than `of`.
    case otherSettings(part: String, [SettingDifference], of: String)
    /// A part with trajectories that `of` has too.
    case overlap(part: String, of: String, trajectories: Range<Int>)
    /// Trajectories that no part has.
    case missing([Range<Int>])

    public var exitClass: ExitClass { .data }

    public var description: String {
        switch self {
        case .otherProgram(let part, let there, let here, let of):
            return "\(part): was made by varlab \(there), but \(of) is \(here); parts of one run are made by one version".onOneLine
        case .otherSettings(let part, let differences, let of):
            return "\(part): is of another run than \(of): \(SettingDifference.text(differences))".onOneLine
        case .overlap(let part, let of, let trajectories):
            return "\(part): has trajectories \(Self.text(trajectories)), which \(of) has too".onOneLine
        case .missing(let ranges):
            let list = ranges.prefix(4).map(Self.text).joined(separator: ", ")
            return "the parts are not the whole run: trajectories \(list)\(ranges.count > 4 ? " and more" : "") are in none; --part FILE merges what there is"
        }
    }

    /// Counted from 1, as people do.
    static func text(_ trajectories: Range<Int>) -> String { "\(trajectories.lowerBound + 1) to \(trajectories.upperBound)" }
}
