import Errors
import Foundation
import Optimizers
import Testing

/// A state as text, and a step size that its caller changes.
struct OptimizerStateTests {
    /// The buffers stand in JSON as Foundation's base64 of their bytes, for every length of padding, and come back with every bit.
    @Test(arguments: 0...9) func buffersAreBase64(count: Int) throws {
        let values = (0..<count).map { Float(bitPattern: UInt32(truncatingIfNeeded: 0x9E37_79B9 &* ($0 + 1))) }
        let state = OptimizerState<Float>(step: 3, momentum: values, secondMoment: [.infinity], gradientAverage: [])
        let json = try JSONEncoder().encode(state)
        let texts = try #require(JSONSerialization.jsonObject(with: json) as? [String: Any])
        #expect(try Data(base64Encoded: #require(texts["momentum"] as? String)) == values.withUnsafeBytes { Data($0) })
        let back = try JSONDecoder().decode(OptimizerState<Float>.self, from: json)
        #expect(back.momentum.map(\.bitPattern) == values.map(\.bitPattern))
        #expect(back.secondMoment == [.infinity] && back.step == 3)
    }

    @Test(arguments: ["A", "AAA", "A===", "AA=A", "====", "AAA\u{e9}", "AA A", "AAAA", "AAAAAA=="])
    func otherTextIsRefused(text: String) throws {
        let json = Data(#"{"step":1,"momentum":"\#(text)","secondMoment":"","gradientAverage":""}"#.utf8)
        // "AAAA" is three bytes, which are no float; "AAAAAA==" is four.
        if text == "AAAAAA==" {
            #expect(try JSONDecoder().decode(OptimizerState<Float>.self, from: json).momentum == [0])
        } else {
            #expect(throws: DecodingError.self) { try JSONDecoder().decode(OptimizerState<Float>.self, from: json) }
        }
    }

    /// A step size changed between two steps is that of an optimizer that had it from the start and the same state.
    @Test func learningRateChangesTheStepAlone() throws {
        let gradients = sampleGradients(steps: 40, count: 9)
        let start = [Double](repeating: 1, count: 9)
        var settings = MethodSettings()
        for (index, (name, method)) in try allMethods(settings).enumerated() {
            settings.learningRate = 0.25
            let other = try allMethods(settings)[index].method
            var changed = try Optimizer<Double>(method, count: 9)
            let path = trajectory(&changed, from: start, Array(gradients[..<20]))
            var expected = try Optimizer(
                [Stretch(firstStep: 1, method: other)], count: 9, state: changed.state)
            try changed.set(learningRate: 0.25)
            let rest = Array(gradients[20...])
            #expect(trajectory(&changed, from: path[19], rest) == trajectory(&expected, from: path[19], rest), "\(name)")
            #expect(changed.state == expected.state, "\(name)")
        }
    }

    @Test(arguments: [-1, .infinity, .nan]) func learningRateOutsideItsDomainChangesNothing(rate: Double) throws {
        var optimizer = try Optimizer<Float>(MethodSpecification(parsing: "radam").method(MethodSettings(), like: .torch), count: 2)
        let error = try #require(throws: ParameterError.self) { try optimizer.set(learningRate: rate) }
        #expect(error.parameter == .learningRate)
        #expect(optimizer.method(at: 1).stepSize.learningRate == 0.001)
    }
}
