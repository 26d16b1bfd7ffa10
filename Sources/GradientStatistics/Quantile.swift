/// Sample quantiles by linear interpolation between order statistics (type 7 of Hyndman and Fan, NumPy's default).
public enum Quantile {
    /// The quantiles of finite values at probabilities in [0, 1]; empty without values.
    public static func of(_ values: [Double], at probabilities: [Double]) -> [Double] {
        guard !values.isEmpty else { return [] }
        let sorted = values.sorted()
        return probabilities.map { probability in
            precondition(probability >= 0 && probability <= 1, "a probability is from 0 to 1")
            let position = probability * Double(sorted.count - 1)
            let index = min(Int(position), sorted.count - 1)
            let next = min(index + 1, sorted.count - 1)
            return sorted[index] + (position - Double(index)) * (sorted[next] - sorted[index])
        }
    }
}
