import CKernels

/// Sets a share of the numbers to 0 and divides the others by 1 - rate (Srivastava et al. 2014); nothing in evaluation.
package struct Dropout: Sendable {
    package let rate: Double
    /// Which dropout layer of the network this is: each draws from streams of its own.
    private let site: Int

    package init(rate: Double, site: inout Int) {
        self.rate = rate
        self.site = site
        site += 1
    }

    /// Changes `x` and returns what is kept, nil when that is everything.
    package func forward<Scalar>(
        _ pass: Pass<Scalar>, count: Int, _ x: UnsafeMutablePointer<Scalar>
    ) -> UnsafeMutablePointer<UInt8>? {
        guard rate > 0, let key = pass.key else { return nil }
        let mask = pass.workspace.take(count, of: UInt8.self)
        var dropout = key.dropout(site: site, rate: rate)
        pass.kernels.dropout_forward(count, &dropout, x, mask)
        return mask
    }

    /// dx from dy, which it may be; returns `dy` itself when everything was kept.
    package func backward<Scalar>(
        _ pass: Pass<Scalar>, count: Int, mask: UnsafeMutablePointer<UInt8>?, dy: UnsafeMutablePointer<Scalar>,
        dx: () -> UnsafeMutablePointer<Scalar>
    ) -> UnsafeMutablePointer<Scalar> {
        guard let mask else { return dy }
        let dx = dx()
        pass.kernels.dropout_backward(count, rate, mask, dy, dx)
        return dx
    }
}
