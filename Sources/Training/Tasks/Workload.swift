/// A network with the data it learns from: what a run needs beside a method and a seed.
///
/// One value serves any number of runs at the same time; each makes a model of its own.
public protocol Workload: Sendable {
    associatedtype Model: TrainableModel where Model.Scalar == Float
    associatedtype Source: BatchSource where Source.Batch == Model.Batch

    func makeModel() -> Model
    var training: Source { get }
    /// What validation goes through in order; it may be empty.
    var validation: Source { get }
}

/// A network and its data, of any task.
public struct NetworkWorkload<Model: TrainableModel, Source: BatchSource>: Workload
where Model.Scalar == Float, Source.Batch == Model.Batch {
    public let training: Source
    public let validation: Source
    private let model: @Sendable () -> Model

    /// - Parameter model: a new network, with no weights drawn.
    public init(training: Source, validation: Source, model: @escaping @Sendable () -> Model) {
        (self.training, self.validation, self.model) = (training, validation, model)
    }

    public func makeModel() -> Model { model() }
}
