/// Σ_{t=1}^{N} f(t) for an f that is smooth from a few thousand on, by far fewer values of it than N.
///
/// The first 4096 terms are added one by one. Beyond them come panels of 64 strides: the trapezoidal sums with strides
/// h, 2h, …, 64h are a polynomial in the stride's square up to a small error (Euler-Maclaurin), and its value at stride 1 is the sum
/// itself. It is Romberg's rule, with the limit at 1 instead of 0.
struct SmoothSum {
    private struct Panel {
        let start: Int
        let stride: Int
    }

    private static let intervals = 64
    private static let directTerms = 4096

    private let singles: [Int]
    private let panels: [Panel]

    /// - Parameters:
    ///   - last: N ≥ 1.
    ///   - scale: the number of steps over which f changes by a factor, where t itself is not smaller.
    ///   - settled: from here on f is a straight line between kinks, and its panels may be as long as they are far from 0.
    ///   - kinks: steps after which another smooth function begins.
    init(through last: Int, scale: Double, settled: Int, kinks: [Int]) {
        var singles = Array(1...min(last, Self.directTerms))
        var panels: [Panel] = []
        let ends = (kinks.filter { $0 < last } + [last]).sorted()
        var next = singles.count + 1
        for end in ends {
            while next <= end {
                // As long as the distance to 0, but not much more than a scale.
                let longest = min(Double(end - next), Double(next), next > settled ? .infinity : 2 * scale)
                var stride = 1
                while 2 * Double(stride * Self.intervals) <= longest { stride *= 2 }
                if Double(stride * Self.intervals) <= longest {
                    panels.append(Panel(start: next, stride: stride))
                    next += stride * Self.intervals + 1
                } else {
                    singles += next...end
                    next = end + 1
                }
            }
        }
        self.singles = singles
        self.panels = panels
    }

    /// The ascending steps at which `sum` wants values, in the order in which it asks.
    var nodes: [Int] {
        (singles + panels.flatMap { panel in (0...Self.intervals).map { panel.start + $0 * panel.stride } }).sorted()
    }

    /// The sum; `function` is called with the `nodes`.
    func sum(_ function: (Int) -> Double) -> Double {
        let values = Dictionary(uniqueKeysWithValues: nodes.map { ($0, function($0)) })
        var sum = singles.reduce(0) { $0 + values[$1]! }
        for panel in panels {
            sum += Self.sum((0...Self.intervals).map { values[panel.start + $0 * panel.stride]! }, stride: panel.stride)
        }
        return sum
    }

    /// Σ f over every step of a panel, of which every `stride`-th is given.
    private static func sum(_ values: [Double], stride: Int) -> Double {
        let ends = (values.first! + values.last!) / 2
        if stride == 1 { return values.reduce(0, +) }
        var squares: [Double] = []
        var estimates: [Double] = []
        var every = 1
        while every <= intervals {
            let spacing = Double(stride * every)
            let inner = Swift.stride(from: every, to: intervals, by: every).reduce(0.0) { $0 + values[$1] }
            squares.append(spacing * spacing)
            estimates.append(spacing * (inner + ends))
            every *= 2
        }
        // Neville's scheme, at 1.
        for level in 1..<estimates.count {
            for index in 0..<(estimates.count - level) {
                let (left, right) = (squares[index], squares[index + level])
                estimates[index] = ((1 - right) * estimates[index] - (1 - left) * estimates[index + 1]) / (left - right)
            }
        }
        return estimates[0] + ends
    }
}
