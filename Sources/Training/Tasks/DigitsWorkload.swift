/// Images of handwritten digits for a residual network.
public struct DigitsWorkload: Workload {
    public let configuration: ResidualNetworkConfiguration
    public let training: DigitBatches
    public let validation: DigitBatches

    public init(configuration: ResidualNetworkConfiguration, training: DigitBatches, validation: DigitBatches) {
        self.configuration = configuration
        self.training = training
        self.validation = validation
    }

    public func makeModel() -> ResidualNetwork<Float> { ResidualNetwork(configuration) }
}
