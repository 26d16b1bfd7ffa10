/// The powers of ten around everything that a logarithmic axis is to show.
struct Decades {
    /// 10^low is the largest power of ten below the smallest value, 10^high the smallest above the largest.
    let low, high: Int

    /// - Parameter values: those that are not positive and finite have no place on the axis.
    /// - Returns: nil where none has.
    init?(around values: [Double]) {
        let drawn = values.filter { $0 > 0 && $0.isFinite }
        guard let least = drawn.min(), let most = drawn.max() else { return nil }
        low = Self.power(least)
        high = Self.power(most) + 1
    }

    private static func power(_ value: Double) -> Int {
        var power = 0
        var scaled = value
        while scaled >= 10 { (scaled, power) = (scaled / 10, power + 1) }
        while scaled < 1 { (scaled, power) = (scaled * 10, power - 1) }
        return power
    }
}
