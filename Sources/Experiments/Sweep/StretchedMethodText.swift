import Errors
import Optimizers
import Theory

extension TrainingGrid.StretchedMethod {
    /// Reads `adam:1-4,radam:5-`: a method and its steps for each stretch, from step 1 on and without gaps; the last one is open.
    ///
    /// - Throws: `ParameterError` for text of another form, an unknown method, or steps that do not follow one another.
    public init(parsing text: String) throws(ParameterError) {
        func wrong(_ rule: String) -> ParameterError { ParameterError(parameter: .stretch, value: text, rule: rule) }
        var stretches: [(firstStep: Int, method: MethodSpecification)] = []
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        var next = 1
        for (index, part) in parts.enumerated() {
            // The method's name may have colons of its own.
            guard let colon = part.lastIndex(of: ":") else { throw wrong("'\(part)' is not of the form METHOD:FIRST-LAST") }
            let range = part[part.index(after: colon)...].split(separator: "-", omittingEmptySubsequences: false)
            guard range.count == 2, let first = Int(range[0]) else {
                throw wrong("'\(part)' is not of the form METHOD:FIRST-LAST")
            }
            guard first == next else { throw wrong("'\(part)' must begin at step \(next)") }
            let isLast = index == parts.count - 1
            if isLast {
                guard range[1].isEmpty else { throw wrong("the last stretch must be open, as in \(part[..<colon]):\(first)-") }
            } else {
                guard let last = Int(range[1]), last >= first, last < .max else {
                    throw wrong("'\(part)' must end at step \(first) or later")
                }
                next = last + 1
            }
            stretches.append((first, try MethodSpecification(parsing: String(part[..<colon]))))
        }
        self.init(name: text, stretches: stretches)
    }
}
