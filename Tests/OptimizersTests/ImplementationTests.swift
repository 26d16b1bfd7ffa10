import Errors
import Optimizers
import Testing
import Theory

/// What each implementation does where nobody has asked.
struct ImplementationTests {
    private func method(
        _ name: String, like implementation: Implementation, _ change: (inout MethodSettings) -> Void = { _ in }
    ) throws -> OptimizationMethod {
        var settings = MethodSettings()
        change(&settings)
        return try MethodSpecification(parsing: name).method(settings, like: implementation)
    }

    /// torch.optim.AdamW has weight_decay=0.01, optax.adamw 1e-4, the authors' AdamW 0; every other optimizer of them has 0.
    @Test func weightDecayOfAdamW() throws {
        for (implementation, rate) in [(Implementation.paper, 0), (.authors, 0), (.torch, 0.01), (.optax, 1e-4)] as [(Implementation, Double)] {
            let decay = try method("adamw", like: implementation).weightDecay
            #expect(decay.rate == rate && decay.isDecoupled)
            let adam = try method("adam", like: implementation), adamW = try method("adamw", like: implementation)
            #expect((adamW.weightDecay.rate == adam.weightDecay.rate) == (rate == 0))
            for specification in MethodSpecification.all where specification != .adamW {
                #expect(try specification.method(MethodSettings(), like: implementation).weightDecay.rate == 0, "\(specification)")
            }
        }
    }

    @Test(arguments: MethodSpecification.all, Implementation.allCases)
    func anAskedForWeightDecayIsTaken(specification: MethodSpecification, implementation: Implementation) throws {
        for rate in [0, 0.25] {
            for isDecoupled in [nil, true, false] as [Bool?] {
                var settings = MethodSettings()
                settings.weightDecay = rate
                settings.isDecoupled = isDecoupled
                let decay = try specification.method(settings, like: implementation).weightDecay
                #expect(decay.rate == rate)
                let expected = specification == .adamW ? true : isDecoupled ?? (implementation != .torch)
                #expect(decay.isDecoupled == expected)
            }
        }
    }

    /// AdamW by hand: the first step is α sign(g), and θ shrinks by the factor 1 - αλ beside it.
    @Test func adamWOfTorchShrinksTheParameters() throws {
        var optimizer = try Optimizer<Double>(method("adamw", like: .torch) { $0.epsilon = 0 }, count: 2)
        var parameters = [2.0, -3]
        optimizer.update(&parameters, gradients: [0.5, 0.5])
        for (found, expected) in zip(parameters, [2 * (1 - 1e-5) - 0.001, -3 * (1 - 1e-5) - 0.001]) {
            #expect(abs(found - expected) < 1e-15)
        }
    }

    @Test func decayOfRMSProp() throws {
        for (implementation, beta2) in [(Implementation.paper, 0.875), (.authors, 0.875), (.torch, 0.99), (.optax, 0.9)] {
            #expect(try method("rmsprop", like: implementation) { $0.beta2 = 0.875 }.adaptiveRate?.decay == beta2)
            #expect(try method("rmsprop", like: implementation) { $0.rmspropDecay = 0.75 }.adaptiveRate?.decay == 0.75)
            #expect(try method("rmsprop-centred:0.5", like: implementation).adaptiveRate?.isCentred == true)
        }
    }

    /// What `--like` means for the momentum of SGD: an average in the paper's notation, a sum elsewhere.
    @Test func momentumOfSGD() throws {
        #expect(try method("sgd:0.9", like: .paper).momentum == .average(decay: 0.9))
        for implementation in [Implementation.authors, .torch, .optax] {
            #expect(try method("sgd:0.9", like: implementation).momentum == .accumulation(decay: 0.9))
            #expect(try method("nesterov:0.9", like: implementation).momentum == .accumulation(decay: 0.9, isNesterov: true))
        }
        for implementation in Implementation.allCases {
            #expect(try method("sgd", like: implementation).momentum == Momentum.none)
        }
        // Ten equal gradients: the average's step stays α g, the sum's approaches ten times that.
        var steps: [Double] = []
        for implementation in [Implementation.paper, .torch] {
            var optimizer = try Optimizer<Double>(method("sgd:0.9", like: implementation) { $0.learningRate = 1 }, count: 1)
            var parameters = [0.0]
            for _ in 0..<200 { optimizer.update(&parameters, gradients: [1]) }
            let before = parameters[0]
            optimizer.update(&parameters, gradients: [1])
            steps.append(before - parameters[0])
        }
        #expect(abs(steps[0] - 1) < 1e-12 && abs(steps[1] - 10) < 1e-6)
    }

    @Test func placementOfEpsilonAndClippingGuard() throws {
        let inside = AdaptiveRate.EpsilonPlacement.insideBiasCorrection, outside = AdaptiveRate.EpsilonPlacement.outsideBiasCorrection
        for (implementation, adam, radam, norm) in [
            (Implementation.paper, inside, inside, 0.0), (.authors, inside, inside, 1e-6), (.torch, outside, inside, 1e-6),
            (.optax, outside, outside, 0),
        ] {
            #expect(try method("adam", like: implementation).adaptiveRate?.placement == adam)
            #expect(try method("radam", like: implementation).adaptiveRate?.placement == radam)
            #expect(try method("adam", like: implementation) { $0.clippingNorm = 3 }.clipping == GradientClipping(bound: 3, normGuard: norm))
        }
        #expect(try method("rmsprop", like: .optax).adaptiveRate?.placement == .underRoot)
    }

    @Test(arguments: [Double.infinity, -.infinity, .nan, 0, -1])
    func clippingIsAFiniteNumber(norm: Double) {
        let error = #expect(throws: ParameterError.self) { try method("adam", like: .paper) { $0.clippingNorm = norm } }
        #expect(error?.parameter == .clippingNorm)
    }

    /// Every setting outside its domain is refused by its own name.
    @Test func domainsOfTheSettings() {
        let cases: [(Parameter, (inout MethodSettings) -> Void)] = [
            (.learningRate, { $0.learningRate = -1 }), (.learningRate, { $0.learningRate = .nan }), (.learningRate, { $0.learningRate = .infinity }),
            (.beta1, { $0.beta1 = 1 }), (.beta1, { $0.beta1 = -0.1 }), (.beta1, { $0.beta1 = .nan }),
            (.beta2, { $0.beta2 = 1 }), (.beta2, { $0.beta2 = -0.1 }), (.beta2, { $0.beta2 = .nan }),
            (.epsilon, { $0.epsilon = -1 }), (.epsilon, { $0.epsilon = .infinity }), (.epsilon, { $0.epsilon = .nan }),
            (.weightDecay, { $0.weightDecay = -1 }), (.weightDecay, { $0.weightDecay = .nan }), (.weightDecay, { $0.weightDecay = .infinity }),
            (.decaySteps, { $0.stepDecay = .linear(steps: 0) }), (.decaySteps, { $0.stepDecay = .cosine(steps: .max) }),
            (.constantSteps, { $0.stepDecay = .inverseSquareRoot(constantSteps: .min) }),
            (.milestone, { $0.stepDecay = .steps(milestones: [1, .max], factor: 0.5) }),
            (.decayFactor, { $0.stepDecay = .steps(milestones: [1], factor: .nan) }),
        ]
        for (index, (parameter, change)) in cases.enumerated() {
            for implementation in Implementation.allCases {
                let error = #expect(throws: ParameterError.self) { try method("adam", like: implementation, change) }
                #expect(error?.parameter == parameter, "case \(index)")
            }
        }
    }
}
