import Errors
import Experiments
import Optimizers
import Testing

/// Methods × rates × seeds, and methods by stretches.
@Suite struct TrainingGridTests {
    private func grid(
        _ methods: [StretchedMethod] = [StretchedMethod(.adam)], rates: [Double] = [0.1], seeds: [UInt64] = [0], steps: Int = 10
    ) -> TrainingGrid {
        TrainingGrid(
            methods: methods, learningRates: rates, seeds: seeds, steps: steps, settings: MethodSettings(), implementation: .paper)
    }

    private func error(_ grid: TrainingGrid) -> ParameterError? {
        do throws(ParameterError) {
            _ = try grid.runs()
            return nil
        } catch {
            return error
        }
    }

    @Test func runsComeMethodByMethodRateByRateSeedBySeed() throws {
        let runs = try grid([StretchedMethod(.adam), StretchedMethod(.radam())], rates: [0.1, 0.01], seeds: [3, 1]).runs()
        #expect(runs.map(\.optimizer) == ["adam", "adam", "adam", "adam", "radam", "radam", "radam", "radam"])
        #expect(runs.map(\.learningRate) == [0.1, 0.1, 0.01, 0.01, 0.1, 0.1, 0.01, 0.01])
        #expect(runs.map(\.plan.seed) == [3, 1, 3, 1, 3, 1, 3, 1])
        #expect(runs.allSatisfy { $0.plan.stretches[0].method.stepSize.learningRate == $0.learningRate })
        #expect(runs.map(\.fileName)[...1] == ["adam_lr0.1_seed3", "adam_lr0.1_seed1"])
    }

    /// A method runs once for each pair of decay rates that it tells apart.
    @Test func decayRatesAreSweptWhereTheyAreUsed() throws {
        let pairs = [DecayRates(beta1: 0.9, beta2: 0.99), DecayRates(beta1: 0.9, beta2: 0.999), DecayRates(beta1: 0.5, beta2: 0.99)]
        var grid = grid([.sgd(momentum: 0.9), .adam, .rmsprop()].map { StretchedMethod($0) }, rates: [0.1, 0.01])
        grid.betas = pairs
        let runs = try grid.runs()
        #expect(runs.filter { $0.optimizer == "sgd:0.9" }.map(\.betas) == [nil, nil])
        #expect(runs.filter { $0.optimizer == "adam" }.map(\.betas) == pairs.flatMap { [$0, $0] })
        // RMSProp has no β1.
        #expect(runs.filter { $0.optimizer == "rmsprop" }.map(\.betas) == pairs[..<2].flatMap { [$0, $0] })
        #expect(Set(runs.map(\.fileName)).count == runs.count)
        #expect(runs.first { $0.betas == pairs[2] }?.fileName == "adam_betas0.5_0.99_lr0.1_seed0")
        for run in runs where run.optimizer == "adam" {
            #expect(run.plan.stretches[0].method.adaptiveRate?.decay == run.betas?.beta2)
        }
        grid.betas = [pairs[1]]
        #expect(try grid.runs().allSatisfy { $0.betas == nil })
        grid.betas = [pairs[0], pairs[0]]
        #expect(error(grid)?.description == "betas 0.9,0.99: must not stand twice in the list")
        grid.betas = (0..<2000).map { DecayRates(beta1: 0, beta2: Double($0) / 2000) }
        #expect(error(grid)?.parameter == .seeds)
        grid.betas = [pairs[0], DecayRates(beta1: 0.9, beta2: 1)]
        #expect(error(grid)?.parameter == .beta2)
    }

    @Test func everyRunHasAFileNameOfItsOwnThatAFileSystemTakes() throws {
        let long = (0..<80).map { "adam-eps:1e-\($0 % 9 + 1):\($0 + 1)-\($0 + 1)," }.joined()
        var methods = MethodSpecification.all.map { StretchedMethod($0) }
        for last in ["adam:81-", "radam:81-"] { methods.append(try StretchedMethod(parsing: long + last)) }
        methods.append(try StretchedMethod(parsing: "adam:1-4,radam:5-"))
        methods.append(try StretchedMethod(parsing: "adam:1-3,radam:4-"))
        let names = try grid(methods, rates: [1e-300, 0.1, 1e-9], seeds: [0, .max]).runs().map(\.fileName)
        #expect(Set(names).count == names.count)
        for name in names {
            #expect(name.utf8.count < 200 && name.utf8.allSatisfy { $0 > 32 && $0 < 127 && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: ":") }, "\(name)")
        }
    }

    @Test(arguments: [Int.min, -1, 0, TrainingGrid.longestRun + 1, Int.max])
    func stepsHaveBounds(steps: Int) {
        #expect(error(grid(steps: steps))?.parameter == .steps)
    }

    @Test(arguments: [Int.max, Int.max - 9, TrainingGrid.longestRun, TrainingGrid.longestRun - 9])
    func aFreezeCountsTowardsTheBound(frozen: Int) {
        let refused = error(grid([StretchedMethod(.adamFreeze(steps: frozen))]))
        // Beyond 2^53 the method itself is refused.
        #expect(refused?.parameter == (frozen > 1 << 53 ? .freeze : .optimizer), "\(String(describing: refused))")
        #expect(refused?.value.hasSuffix(String(frozen)) == true)
        #expect(error(grid([StretchedMethod(.adamFreeze(steps: TrainingGrid.longestRun - 10))])) == nil)
    }

    @Test func listsMayNotRepeatAndRunsAreBounded() {
        #expect(error(grid([StretchedMethod(.adam), StretchedMethod(.adam)]))?.parameter == .optimizer)
        #expect(error(grid(rates: [0.1, 0.2, 0.1]))?.parameter == .learningRate)
        #expect(error(grid(seeds: [1, 2, 1]))?.parameter == .seeds)
        #expect(error(grid(rates: [0.1, 0.2], seeds: Array(0..<5001)))?.parameter == .seeds)
        #expect(error(grid(rates: [0.1, 0.2], seeds: Array(0..<5000))) == nil)
        #expect(error(grid(rates: [.nan]))?.parameter == .learningRate)
        var frozen = grid(rates: [0.1, 0.2])
        frozen.freezesParameters = true
        #expect(error(frozen)?.parameter == .freezeParameters)
    }

    @Test func methodsOfOneNameAndOtherStretchesDiffer() throws {
        let a = StretchedMethod(name: "x", parts: [.init(firstStep: 1, method: .adam)])
        let b = StretchedMethod(name: "x", parts: [.init(firstStep: 1, method: .radam())])
        let c = StretchedMethod(name: "x", parts: [.init(firstStep: 1, method: .adam), .init(firstStep: 5, method: .adam)])
        #expect(a != b && a != c && a == StretchedMethod(name: "x", parts: a.parts))
        #expect(Set([a, b, c, a]).count == 3)
    }

    @Test func stretchesAreReadFromText() throws {
        let method = try StretchedMethod(parsing: "sgd:0.9:1-4,adam-eps:1e-4:5-8,radam:9-")
        #expect(method.parts.map(\.firstStep) == [1, 5, 9])
        #expect(method.parts.map(\.method) == [.sgd(momentum: 0.9), .adamEpsilon(.constant(1e-4)), .radam()])
        #expect(try StretchedMethod(parsing: "adam:1-").parts == [.init(firstStep: 1, method: .adam)])
        #expect(try StretchedMethod(parsing: "adam:1-1,radam:2-").parts.map(\.firstStep) == [1, 2])
    }

    @Test(arguments: [
        "", "adam", ":", "adam:", "adam:-", "adam:1", "adam:1-2", "adam:0-", "adam:2-", "adam:1-4,radam:4-", "adam:1-4,radam:6-",
        "adam:1-9223372036854775807,radam:5-", "adam:1-9223372036854775808,radam:5-", "adam:1-9223372036854775806,radam:9223372036854775807-",
        "adam:1--4,radam:5-", "adam:+1-4,,radam:5-", "adam:1-4,sgd:2:5-", "nosuch:1-", "adam:1-\(TrainingGrid.longestRun),radam:5-",
    ])
    func otherTextIsRefused(text: String) {
        #expect(throws: ParameterError.self) { try StretchedMethod(parsing: text) }
    }

    /// Text of the pieces that stretches are made of: each is read as what it says, or refused.
    @Test func arbitraryStretchesNeverTrap() {
        var state: UInt64 = 1
        func next(_ count: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(count))
        }
        let pieces = ["adam", "radam", "sgd:0.9", ":", "-", ",", "1", "4", "5", "9223372036854775807", "-9223372036854775808", "adam:1-4,", "radam:5-"]
        var read = 0
        for _ in 0..<4000 {
            let text = (0...next(6)).map { _ in pieces[next(pieces.count)] }.joined()
            guard let method = try? StretchedMethod(parsing: text) else { continue }
            read += 1
            #expect(method.parts[0].firstStep == 1 && method.name == text)
            #expect(zip(method.parts, method.parts.dropFirst()).allSatisfy { $0.firstStep < $1.firstStep })
        }
        #expect(read > 0)
    }
}
