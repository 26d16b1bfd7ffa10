// Included by kernels.h: what the exact law of any gradients spends its time on.
#include "include/varlab_transform.h"
#include "lanes.h"

// TwoSum: for terms of any sign.
INLINE void add_exactly(double *sum, double *lost, lanes term) {
    lanes old = lanes_load(sum), new = old + term, back = new - old;
    lanes_store(lost, lanes_load(lost) + ((old - (new - back)) + (term - back)));
    lanes_store(sum, new);
}

// Clenshaw's recurrence for `vectors` neighbours at once: each by itself would wait for its own last operation most of the time.
INLINE void transform_factor_of(const double *coefficients, size_t row_length, int degree, double place, double multiplicity, size_t first,
                                int vectors, double *sum, double *lost) {
    lanes next[2], after_next[2];
    UNROLLED (int v = 0; v < vectors; v++) next[v] = after_next[v] = lanes_of(0.0);
    for (int k = degree; k > 0; k--) {
        UNROLLED (int v = 0; v < vectors; v++) {
            const lanes current = 2 * place * next[v] - after_next[v] + lanes_load(coefficients + k * row_length + first + v * LANES);
            after_next[v] = next[v];
            next[v] = current;
        }
    }
    UNROLLED (int v = 0; v < vectors; v++) {
        const size_t i = first + (size_t)v * LANES;
        add_exactly(sum + i, lost + i, multiplicity * (place * next[v] - after_next[v] + lanes_load(coefficients + i)));
    }
}

static void transform_factor(const double *coefficients, size_t row_length, int degree, double place, double multiplicity,
                             size_t groups, double *sum, double *lost) {
    size_t group = 0;
    for (; group + 2 <= groups; group += 2)
        transform_factor_of(coefficients, row_length, degree, place, multiplicity, group * LANES, 2, sum, lost);
    if (group < groups) transform_factor_of(coefficients, row_length, degree, place, multiplicity, group * LANES, 1, sum, lost);
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

// The sums run term by term, in their order.
static void update_law_node(varlab_update_law_terms terms, double largest, double squared_mean, double sums[5]) {
    double logarithm = 0, excess = 0, shrinkage = 0, variance = 0, left = 0;
    for (size_t first = 0; first < terms.count; first += LANES) {
        const size_t count = terms.count - first < LANES ? terms.count - first : LANES;
        lanes weight = lanes_of(0.0), multiplicity = weight, a = weight;
        __builtin_memcpy(&weight, terms.weights + first, count * sizeof(double));
        __builtin_memcpy(&multiplicity, terms.multiplicities + first, count * sizeof(double));
        __builtin_memcpy(&a, terms.momentum_weights + first, count * sizeof(double));
        const lanes x = largest * weight, kept = 1.0 / (1.0 + x), lost = x * kept;
        lanes remainder, log = logarithm_and_remainder(x, &remainder);
        const lanes logs = 0.5 * multiplicity * (log + squared_mean * lost);
        const lanes excesses = 0.5 * multiplicity * (remainder + squared_mean * x * lost);
        const lanes shrinkages = multiplicity * a * lost, variances = multiplicity * a * a * kept, lefts = multiplicity * a * kept;
        for (size_t j = 0; j < count; j++) {
            logarithm -= logs[j];
            excess += excesses[j];
            shrinkage += shrinkages[j];
            variance += variances[j];
            left += lefts[j];
        }
    }
    sums[0] = logarithm, sums[1] = excess, sums[2] = shrinkage, sums[3] = variance, sums[4] = left;
}
