/// Whole steps from 1 to `last`, about `perDecade` to each factor of ten: what a logarithmic axis can show.
func logSteps(to last: Int, perDecade: Int) -> [Int] {
    var steps: [Int] = []
    var step = 1
    while step < last {
        steps.append(step)
        step = max(step + 1, step + step * 23 / (10 * perDecade))
    }
    return steps + [last]
}
