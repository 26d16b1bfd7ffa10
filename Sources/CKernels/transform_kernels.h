// Included by kernels.h: what the exact law of any gradients spends its time on.
#include "include/varlab_transform.h"
#include "lanes.h"

// TwoSum: for terms of any sign.
INLINE void add_exactly(double *sum, double *lost, lanes term) {
    lanes old = lanes_load(sum), new = old + term, back = new - old;
    lanes_store(lost, lanes_load(lost) + ((old - (new - back)) + (term - back)));
    lanes_store(sum, new);
}

static void transform_factor(const double *coefficients, size_t row_length, int degree, double place, double multiplicity,
                             size_t groups, double *sum, double *lost) {
    for (size_t i = 0; i < groups * LANES; i += LANES) {
        // Clenshaw's recurrence.
        lanes next = lanes_of(0.0), after_next = next;
        for (int k = degree; k > 0; k--) {
            lanes current = 2 * place * next - after_next + lanes_load(coefficients + k * row_length + i);
            after_next = next;
            next = current;
        }
        add_exactly(sum + i, lost + i, multiplicity * (place * next - after_next + lanes_load(coefficients + i)));
    }
}

static void transform_chain(varlab_chain chain, size_t first, size_t last, double weight, double mean, double autocorrelation) {
    double square = autocorrelation * autocorrelation, fresh = (1 - autocorrelation) * (1 + autocorrelation);
    for (size_t i = first * LANES; i < last * LANES; i += LANES) {
        lanes z = lanes_load(chain.nodes + i) * weight;
        lanes variance = lanes_load(chain.variance + i), complement = lanes_load(chain.complement + i);
        lanes predicted = lanes_load(chain.predicted + i);
        lanes product = variance * z, remainder, log = lanes_log1p(product, &remainder);
        lanes reduced = z / (1.0 + product), gain = variance * reduced;
        lanes innovation = mean - predicted, squared = innovation * innovation;
        add_exactly(chain.logs + i, chain.logs_lost + i, log + squared * reduced);
        add_exactly(chain.excesses + i, chain.excesses_lost + i,
                    remainder + complement * z + z * (squared * gain + predicted * (2 * mean - predicted)));
        lanes_store(chain.predicted + i, autocorrelation * (predicted + innovation * gain));
        lanes_store(chain.variance + i, fresh + square * variance * (1.0 - gain));
        lanes_store(chain.complement + i, square * (complement + variance * gain));
    }
}

// e^(-d) - 1 + d >= 0, given e^(-d) - 1.
INLINE lanes exponential_remainder(lanes d, lanes expm1) {
    lanes sum = lanes_of(1.0);
    for (int n = 15; n >= 3; n--) sum = 1.0 - d / (double)n * sum;
    lane_mask small = (d < 0.5) & (d > -0.5);
    return lanes_select(small, 0.5 * d * d * sum, expm1 + d);
}

static void transform_normals(const double *shares, const double *variances, size_t groups, double s, double squared_mean,
                              double mean_variance, double offset, int with_deviation, double sums[3]) {
    lanes transform = lanes_of(0.0), complement = transform, deviation = transform;
    for (size_t i = 0; i < groups * LANES; i += LANES) {
        lanes share = lanes_load(shares + i), variance = lanes_load(variances + i);
        lanes z = 2 * s * variance;
        z = lanes_select(z < 1e290, z, lanes_of(1e290));
        if (squared_mean == 0) {
            lanes root = lanes_sqrt(1.0 + z), inverse = share / root, above = z / (1.0 + root);
            transform += inverse;
            complement += above * inverse;
            deviation += 0.5 * (above * above * (root + 2.0) * inverse);
            continue;
        }
        lanes remainder, log = lanes_log1p(z, &remainder);
        lanes shift = s * squared_mean / (1.0 + z);
        lanes exponent = -0.5 * log - shift;
        transform += share * lanes_exp(exponent + offset);
        complement -= share * lanes_expm1(exponent);
        if (!with_deviation) continue;
        // E e^(-s(g^2 - m)) - 1 of this part, less its first order -d.
        lanes d = s * (variance - mean_variance), own = 0.5 * remainder + shift * z;
        lane_mask large = own > 0.5;
        lanes drop = exponential_remainder(d, lanes_expm1(-d));
        lanes scaled = exponent + s * (squared_mean + mean_variance);
        // ln phi + s m two ways: the first cancels where V is large, the second where s is small.
        lanes growth = lanes_expm1(lanes_select(large, scaled, own));
        deviation += share * lanes_select(large, growth + d, growth * (drop + 1.0 - d) + drop);
    }
    sums[0] = lanes_sum(transform);
    sums[1] = lanes_sum(complement);
    sums[2] = lanes_sum(deviation);
}

static void transform_points(const double *shares, const double *squares, size_t groups, double s, double mean_square, double offset,
                             int with_deviation, double sums[3]) {
    lanes transform = lanes_of(0.0), complement = transform, deviation = transform;
    for (size_t i = 0; i < groups * LANES; i += LANES) {
        lanes share = lanes_load(shares + i), square = lanes_load(squares + i);
        lanes x = s * square;
        transform += share * lanes_exp(offset - x);
        complement -= share * lanes_expm1(-x);
        if (!with_deviation) continue;
        lanes d = s * (square - mean_square);
        deviation += share * exponential_remainder(d, lanes_expm1(-d));
    }
    sums[0] = lanes_sum(transform);
    sums[1] = lanes_sum(complement);
    sums[2] = lanes_sum(deviation);
}
