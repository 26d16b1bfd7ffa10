/// Sorting of finite numbers by the digits of their bits (a radix sort), several times as fast as by comparisons.
public enum AscendingOrder {
    /// Shorter series are sorted by comparisons.
    private static let shortest = 256

    /// The finite values, ascending; -0 comes before 0.
    public static func sorted(_ values: UnsafeBufferPointer<Double>) -> [Double] {
        if values.count < shortest { return values.filter(\.isFinite).sorted() }
        return Array(unsafeUninitializedCapacity: values.count) { result, count in
            result.withMemoryRebound(to: UInt64.self) { keys in
                withUnsafeTemporaryAllocation(of: UInt64.self, capacity: values.count) { spare in
                    count = sort(values, keys, spare)
                }
            }
        }
    }

    /// Sorts into `keys`; returns how many there are.
    private static func sort(
        _ values: UnsafeBufferPointer<Double>, _ keys: UnsafeMutableBufferPointer<UInt64>,
        _ spare: UnsafeMutableBufferPointer<UInt64>
    ) -> Int {
        var count = 0
        return withUnsafeTemporaryAllocation(of: Int.self, capacity: 8 * 256) { counts in
            counts.initialize(repeating: 0)
            for value in values where value.isFinite {
                // Whole numbers in the order of the values: all bits of a negative number are turned, of others the sign.
                let bits = value.bitPattern
                let key = bits ^ (UInt64(bitPattern: Int64(bitPattern: bits) >> 63) | 1 << 63)
                keys[count] = key
                count += 1
                for digit in 0..<8 { counts[256 &* digit &+ Int(truncatingIfNeeded: key >> UInt64(8 &* digit) & 0xff)] &+= 1 }
            }
            var (from, to) = (keys, spare)
            for digit in 0..<8 where count > 0 {
                let places = UnsafeMutableBufferPointer(rebasing: counts[256 * digit..<256 * (digit + 1)])
                let shift = UInt64(8 * digit)
                // Single precision leaves the last digits empty.
                if places[Int(from[0] >> shift & 0xff)] == count { continue }
                var start = 0
                for value in 0..<256 { (places[value], start) = (start, start + places[value]) }
                for index in 0..<count {
                    let key = from[index]
                    let value = Int(truncatingIfNeeded: key >> shift & 0xff)
                    to[places[value]] = key
                    places[value] &+= 1
                }
                (from, to) = (to, from)
            }
            for index in 0..<count {
                let key = from[index]
                keys[index] = key ^ (key >> 63 == 1 ? 1 << 63 : ~0)
            }
            return count
        }
    }
}
