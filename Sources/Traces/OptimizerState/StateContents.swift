/// What a file has, whatever its format, before moments are matched.
struct StateContents {
    /// In the file's order, each under its full name, which no other has.
    var tensors: [StateTensor] = []
    /// Steps that are plain numbers, by their full names.
    var steps: [String: Int] = [:]
    /// What is known of parameters, by what precedes `.exp_avg` in the full names.
    var parameters: [String: Parameter] = [:]
    /// What all groups of parameters agree on.
    var settings: StateSettings?

    struct Parameter {
        let name: String
        var settings: StateSettings?
        /// The step of its group.
        var step: Int?
    }
}
