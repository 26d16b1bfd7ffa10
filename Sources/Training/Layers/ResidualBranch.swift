import CKernels

/// Where the layer normalisation of a residual branch f stands.
public enum NormPlacement: String, Sendable, Codable, CaseIterable {
    /// y = LayerNorm(x + f(x)), as in the original Transformer.
    case post
    /// y = x + f(LayerNorm(x)), with one more LayerNorm behind the last layer.
    case pre
}

/// A residual connection around a branch f, with its layer normalisation and with dropout behind f.
package struct ResidualBranch: Sendable {
    private let norm: LayerNorm
    private let dropout: Dropout
    private let placement: NormPlacement

    package init(
        width: Int, placement: NormPlacement, dropout: Dropout, name: String, in layout: inout ParameterLayout
    ) {
        norm = LayerNorm(width: width, name: name, in: &layout)
        self.dropout = dropout
        self.placement = placement
    }

    /// What the backward pass needs.
    package struct State<Scalar> {
        let branchInput: UnsafePointer<Scalar>
        let norm: LayerNorm.State<Scalar>
        let mask: UnsafeMutablePointer<UInt8>?
        package let output: UnsafeMutablePointer<Scalar>
    }

    /// `branch` returns f of its argument in memory that this may change.
    package func forward<Scalar>(
        _ pass: Pass<Scalar>, rows: Int, _ x: UnsafePointer<Scalar>,
        branch: (UnsafePointer<Scalar>) -> UnsafeMutablePointer<Scalar>
    ) -> State<Scalar> {
        let count = rows * norm.width
        switch placement {
        case .post:
            let sum = branch(x)
            let mask = dropout.forward(pass, count: count, sum)
            pass.kernels.add(count, sum, x, false, sum)
            let normalized = norm.forward(pass, rows: rows, sum)
            return State(branchInput: x, norm: normalized, mask: mask, output: normalized.output)
        case .pre:
            let normalized = norm.forward(pass, rows: rows, x)
            let sum = branch(normalized.output)
            let mask = dropout.forward(pass, count: count, sum)
            pass.kernels.add(count, sum, x, false, sum)
            return State(branchInput: UnsafePointer(normalized.output), norm: normalized, mask: mask, output: sum)
        }
    }

    /// Turns `d` from dy into dx. `branch` gets f's argument, df, where the gradient of the argument goes, and whether to add
    /// it to what is there.
    package func backward<Scalar>(
        _ pass: Pass<Scalar>, rows: Int, _ state: State<Scalar>, d: UnsafeMutablePointer<Scalar>,
        branch: (UnsafePointer<Scalar>, UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>, Bool) -> Void
    ) {
        let count = rows * norm.width
        pass.workspace.temporarily {
            switch placement {
            case .post:
                norm.backward(pass, rows: rows, state.norm, dy: d, dx: d, accumulate: false)
                let dBranch = dropout.backward(pass, count: count, mask: state.mask, dy: d) { pass.take(count) }
                branch(state.branchInput, dBranch, d, true)
            case .pre:
                let dBranch = dropout.backward(pass, count: count, mask: state.mask, dy: d) { pass.take(count) }
                let dNormalized = pass.take(count)
                branch(state.branchInput, dBranch, dNormalized, false)
                norm.backward(pass, rows: rows, state.norm, dy: dNormalized, dx: d, accumulate: true)
            }
        }
    }
}

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
