import Testing
import Training

struct InitializationTests {
    private let layout: ParameterLayout

    init() throws {
        layout = Transformer<Float>(try TransformerConfiguration(sourceVocabulary: 612, targetVocabulary: 612)).layout
    }

    @Test func followsTheStatedLaws() throws {
        let parameters = layout.initialParameters(seed: 1, as: Double.self)
        for tensor in layout.tensors {
            let values = parameters[tensor.range]
            let square = values.map { $0 * $0 }.reduce(0, +) / Double(tensor.count)
            let expected: Double
            switch tensor.name.suffix(2) {
            case "mb": expected = 1.0 / 64
            case ".b": expected = 0
            case ".g": expected = 1
            default:
                // Uniform on ±√(6/(in + out)): the mean square is 2/(in + out). Projections of queries, keys and values are parts
                // of a [3d, d] tensor.
                let isProjection = tensor.name.contains("q") || tensor.name.contains("kv")
                let ends = isProjection ? 4 * 64 : tensor.shape[0] + tensor.shape[1]
                expected = 2 / Double(ends)
                #expect(values.map(abs).max()! < (6 / Double(ends)).squareRoot())
            }
            // The mean square of n normal numbers has a relative deviation √(2/n); five of them, 62 tensors: 4e-5 false alarms.
            #expect(abs(square - expected) <= 5 * (2 / Double(tensor.count)).squareRoot() * expected, "\(tensor.name)")
        }
    }

    /// The first numbers of two tensors: they must not change, or runs could not be repeated.
    @Test func drawsWhatItAlwaysDrew() {
        let parameters = layout.initialParameters(seed: 1, as: Float.self)
        let weight = layout["enc.0.qkv.w"]!.offset
        #expect(Array(parameters[0..<3]) == [-0.2126733, -0.06929641, 0.06197148])
        #expect(Array(parameters[weight..<weight + 3]) == [-0.11429968, 0.034924425, -0.06140479])
        #expect(parameters == layout.initialParameters(seed: 1, as: Float.self))
        #expect(parameters != layout.initialParameters(seed: 2, as: Float.self))
    }
}
