import Simulation
import Testing
import Theory

@Suite struct GradientSpecificationTests {
    @Test(arguments: [
        "normal", "laplace", "uniform", "logistic", "student-t:3", "student-t:2.5", "student-t:0.125", "student-t:1e+100",
        "mixture:0.1,10", "mixture:0,1e-06", "mixture:1,1000000",
    ])
    func isReadAndWrittenTheSame(specification: String) throws {
        let source = try GradientSource(specification: specification)
        #expect(try GradientSource(specification: source.specification) == source)
        #expect(source.specification.hasPrefix(specification.prefix(9)))
    }

    @Test(arguments: [
        ("student-t:0", "degrees of freedom must be greater than 0"),
        ("student-t:-1", "degrees of freedom must be greater than 0"),
        ("student-t:nan", "degrees of freedom must be greater than 0"),
        ("student-t:0.1", "from 0.125"), ("student-t:inf", "to 1e100"), ("student-t:x", "must be a number"),
        ("student-t", "DF"), ("student-t:", "must be a number"), ("student-t:1,2", "DF"),
        ("mixture:0.1", "P,SIGMA"), ("mixture", "P,SIGMA"), ("mixture:1.1,2", "[0, 1]"), ("mixture:-0.1,2", "[0, 1]"),
        ("mixture:nan,2", "[0, 1]"), ("mixture:0.1,0", "greater than 0"), ("mixture:0.1,nan", "greater than 0"),
        ("mixture:0.1,inf", "1e6"), ("mixture:a,b", "numbers"), ("mixture:1,2,3", "P,SIGMA"),
        ("normal:1", "no parameter"), ("laplace:", "no parameter"), ("gamma", "one of normal, student-t:DF"), ("", "one of"),
        ("Normal", "one of"),
    ])
    func badOnesNameTheRule(specification: String, rule: String) {
        do {
            _ = try GradientSource(specification: specification)
            Issue.record("accepted")
        } catch {
            #expect(error.parameter == .gradients && error.value == specification)
            #expect(error.rule.contains(rule), "\(error)")
        }
    }

    @Test func unitVarianceIsKnown() throws {
        #expect(try GradientSource(specification: "student-t:2").hasUnitVariance == false)
        #expect(try GradientSource(specification: "student-t:2.0001").hasUnitVariance)
        #expect(GradientSource.normal.hasUnitVariance)
    }
}
