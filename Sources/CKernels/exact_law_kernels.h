// Included by kernels.h: the inner loops of the exact law: about 100 nodes a step, four compensated sums each, then two
// integrals per mean.
// One logarithm and two divisions per node and step, two exponentials per node, mean and step.
#include "include/varlab_exact_law.h"
#include "lanes.h"

// Neumaier's form for positive terms: the sum may be smaller than the term only at the start.
INLINE void add_compensated(double *sum, double *lost, lanes term) {
    lanes old = lanes_load(sum), new = old + term;
    lane_mask grown = old >= term;
    lanes large = lanes_select(grown, old, term), small = lanes_select(grown, term, old);
    lanes_store(lost, lanes_load(lost) + ((large - new) + small));
    lanes_store(sum, new);
}

INLINE lanes compensated(const double *sum, const double *lost) { return lanes_load(sum) + lanes_load(lost); }

// What the second moment of the update needs at mu = 0: half of the sums.
static void exact_law_advance_momentum(varlab_exact_law_sums sums, size_t count, double weight, double decay, double momentum_decay) {
    for (size_t i = 0; i < count * LANES; i += LANES) {
        lanes x = lanes_load(sums.nodes + i) * decay;
        lanes excess, log_factor = lanes_log1p(x, &excess);
        add_compensated(sums.log_factor + i, sums.log_factor_lost + i, weight * log_factor);
        add_compensated(sums.momentum + i, sums.momentum_lost + i, weight * momentum_decay * (1.0 / (1.0 + x)));
    }
}

static void exact_law_advance(varlab_exact_law_sums sums, size_t count, double weight, double decay,
                    double momentum_decay) {
    if (!sums.log_excess) {
        exact_law_advance_momentum(sums, count, weight, decay, momentum_decay);
        return;
    }
    for (size_t i = 0; i < count * LANES; i += LANES) {
        lanes x = lanes_load(sums.nodes + i) * decay;
        lanes excess, log_factor = lanes_log1p(x, &excess);
        lanes inverse = 1.0 / (1.0 + x), shift = x * inverse;
        add_compensated(sums.log_factor + i, sums.log_factor_lost + i, weight * log_factor);
        add_compensated(sums.log_excess + i, sums.log_excess_lost + i, weight * excess);
        add_compensated(sums.shift + i, sums.shift_lost + i, weight * shift);
        add_compensated(sums.shift_excess + i, sums.shift_excess_lost + i, weight * (x * shift));
        if (sums.momentum)
            add_compensated(sums.momentum + i, sums.momentum_lost + i, weight * momentum_decay * inverse);
    }
}

static double exact_law_integrate_momentum(varlab_exact_law_sums sums, size_t first, size_t last, const double *weight) {
    lanes sum = lanes_of(0.0);
    for (size_t i = first * LANES; i < last * LANES; i += LANES) {
        lanes transform = lanes_exp(-0.5 * compensated(sums.log_factor + i, sums.log_factor_lost + i));
        sum += lanes_load(weight + i) * transform * compensated(sums.momentum + i, sums.momentum_lost + i);
    }
    return lanes_sum(sum);
}

// The largest share of one node in either of two sums.
INLINE double largest_share(lanes first, lanes second, const double *sums) {
    double share = 0;
    for (int lane = 0; lane < LANES; lane++) {
        double first_share = __builtin_fabs(first[lane] / sums[0]), second_share = __builtin_fabs(second[lane] / sums[1]);
        share = first_share > share ? first_share : share;
        share = second_share > share ? second_share : share;
    }
    return share;
}

static double exact_law_integrate(varlab_exact_law_sums sums, size_t first, size_t last, double mean_squared,
                        const double *first_weight, const double *second_weight, double integrals[2]) {
    lanes zero = lanes_of(0.0), one = zero, two = zero, first_edge = zero, second_edge = zero;
    for (size_t i = first * LANES; i < last * LANES; i += LANES) {
        lanes log_transform = -0.5 * (compensated(sums.log_factor + i, sums.log_factor_lost + i) +
                                      mean_squared * compensated(sums.shift + i, sums.shift_lost + i));
        lanes above_point_mass = 0.5 * (compensated(sums.log_excess + i, sums.log_excess_lost + i) +
                                        mean_squared * compensated(sums.shift_excess + i, sums.shift_excess_lost + i));
        lanes transform = lanes_exp(log_transform);
        // M(s) - e^(-sm) as M (1 - e^(-(ln M + sm))): nothing cancels.
        lanes difference = -transform * lanes_expm1(-above_point_mass);
        lanes first_term = lanes_load(first_weight + i) * difference;
        lanes second_term = lanes_load(second_weight + i) * difference;
        one += first_term;
        two += second_term;
        first_edge = first_term;
        second_edge = second_term;
    }
    integrals[0] = lanes_sum(one);
    integrals[1] = lanes_sum(two);
    return largest_share(first_edge, second_edge, integrals);
}

static void update_law_advance(const double *nodes, varlab_update_law_sums sums, size_t count, double decay, double momentum_decay) {
    for (size_t i = 0; i < count * LANES; i += LANES) {
        lanes x = lanes_load(nodes + i) * decay, kept = momentum_decay / (1.0 + x);
        add_compensated(sums.kept + i, sums.kept_lost + i, kept);
        add_compensated(sums.shrinkage + i, sums.shrinkage_lost + i, x * kept);
    }
}

static double update_law_integrate(varlab_exact_law_sums sums, varlab_update_law_sums momentum, size_t first, size_t last,
                                   double mean_squared, double momentum_weight, const double *first_weight,
                                   const double *second_weight, double integrals[2]) {
    lanes one = lanes_of(0.0), two = one, first_edge = one, second_edge = one;
    for (size_t i = first * LANES; i < last * LANES; i += LANES) {
        lanes transform = lanes_exp(-0.5 * (compensated(sums.log_factor + i, sums.log_factor_lost + i) +
                                            mean_squared * compensated(sums.shift + i, sums.shift_lost + i)));
        lanes excess = 0.5 * (compensated(sums.log_excess + i, sums.log_excess_lost + i) +
                              mean_squared * compensated(sums.shift_excess + i, sums.shift_excess_lost + i));
        lanes shrunk = momentum_weight * compensated(momentum.shrinkage + i, momentum.shrinkage_lost + i);
        lanes kept = momentum_weight * compensated(momentum.kept + i, momentum.kept_lost + i);
        lanes variance = momentum_weight * momentum_weight * compensated(sums.momentum + i, sums.momentum_lost + i);
        // Each by the parts that are small: where hardly anything is left of the mean, 1 - S would be rounding, times a large weight.
        lanes defect = -lanes_expm1(-excess), point_mass = lanes_exp(-excess);
        lane_mask is_small = shrunk < 0.5;
        lanes mean = lanes_select(is_small, defect - shrunk, kept - point_mass);
        lanes square = lanes_select(is_small, defect - shrunk * (2.0 - shrunk), kept * kept - point_mass);
        first_edge = lanes_load(first_weight + i) * transform * mean;
        second_edge = lanes_load(second_weight + i) * transform * (variance + mean_squared * square);
        one += first_edge;
        two += second_edge;
    }
    integrals[0] = lanes_sum(one);
    integrals[1] = lanes_sum(two);
    return largest_share(first_edge, second_edge, integrals);
}

// AR(1) gradients of mean 0, where only M and m's variance count: x's variance is n/d with n and d linear in what they were before, all
// terms positive, so that d grows to M^-2 without a logarithm or a division a step. Terms too small in m to change its variance are 0 there.
static void correlated_centred_update(const double *momentum_weights, const double *square_weights, size_t count, double r, const double *s,
                                      varlab_correlated_nodes *nodes) {
    const double fresh = (1 - r) * (1 + r), r2 = r * r, newest = count > 0 ? momentum_weights[count - 1] : 0;
    const lanes twice = 2.0 * lanes_load(s);
    lanes zero = lanes_of(0.0), n = lanes_of(1.0), d = n, lost = zero, exponents = zero, slope = zero, rest = zero, last = zero, whole = zero;
    size_t first = 0;
    while (first + 1 < count && momentum_weights[first] < 1e-22 * newest) first++;
    // Four factors of at most 2^200 stay in the range of numbers.
    double largest = 0;
    for (size_t k = 0; k < count; k++) largest = square_weights[k] > largest ? square_weights[k] : largest;
    size_t interval = 4;
    for (int j = 0; j < LANES; j++)
        if (!(twice[j] * largest < 0x1p200)) interval = 1;
    for (size_t k = 0; k < count; k++) {
        const lanes z = twice * square_weights[k];
        whole += z;
        const lanes term = z * n, next = d + term, back = next - d;
        lost += (d - (next - back)) + (term - back);
        d = next;
        const lanes following = r2 * n + fresh * (d + lost);
        if (k >= first) {
            const lanes ratio = n / following;
            slope += momentum_weights[k];
            last = slope * slope * (n / (d + lost)) + rest;
            rest += slope * slope * fresh * ratio;
            slope *= r * ratio;
        }
        n = following;
        if (k % interval == interval - 1) {
            // Into [1/2, 2] by a power of 2.
            lanes exponent, reduced = lanes_split_exponent(d, &exponent);
            const lanes scale = (lanes)(0x3ff0000000000000ull - ((lane_bits)d - (lane_bits)reduced));
            exponents += exponent;
            d = reduced, n *= scale, lost *= scale;
        }
    }
    const lanes log_transform = -0.5 * (exponents * LN2_HIGH + (lanes_log(d) + (lost / d + exponents * LN2_LOW)));
    lanes_store(nodes->log_transform, log_transform);
    lanes_store(nodes->excess, log_transform + 0.5 * whole);
    lanes_store(nodes->shortfall, zero);
    lanes_store(nodes->momentum_variance, last);
    lanes_store(nodes->kept, lanes_of(1.0));
}

// In units of the mean: x's variance R, 1 - R and mean -a; m is 1 less a sum G with the mean D, the slope b on -x and the variance q beside it.
static void correlated_update(const double *momentum_weights, const double *square_weights, size_t count, double r, double squared_mean,
                              const double *s, varlab_correlated_nodes *nodes) {
    if (squared_mean == 0) {
        correlated_centred_update(momentum_weights, square_weights, count, r, s, nodes);
        return;
    }
    const double fresh = (1 - r) * (1 + r), r2 = r * r;
    const lanes twice = 2.0 * lanes_load(s);
    lanes zero = lanes_of(0.0), variance = lanes_of(1.0), complement = zero, predicted = zero, log_transform = zero, excess = zero;
    lanes shortfall = zero, kept = zero, slope = zero, rest = zero, momentum_variance = zero;
    for (size_t k = 0; k < count; k++) {
        lanes z = twice * square_weights[k], product = variance * z, remainder;
        lanes log = logarithm_and_remainder(product, &remainder);
        lanes reduced = z / (1.0 + product), gain = variance * reduced, innovation = 1.0 - predicted;
        log_transform -= 0.5 * (log + squared_mean * innovation * innovation * reduced);
        excess += 0.5 * (remainder + complement * z +
                         squared_mean * z * (innovation * innovation * gain + predicted * (2.0 - predicted)));
        lanes known = predicted + innovation * gain, left = variance / (1.0 + product);
        shortfall += slope * innovation * gain + momentum_weights[k] * known;
        kept += momentum_weights[k] * (innovation / (1.0 + product)) - slope * innovation * gain;
        slope += momentum_weights[k];
        momentum_variance = slope * slope * left + rest;
        complement = r2 * (complement + variance * gain);
        variance = r2 * left + fresh;
        predicted = r * known;
        rest += slope * slope * left * (fresh / variance);
        slope *= r * left / variance;
    }
    lanes_store(nodes->log_transform, log_transform);
    lanes_store(nodes->excess, excess);
    lanes_store(nodes->shortfall, shortfall);
    lanes_store(nodes->momentum_variance, momentum_variance);
    lanes_store(nodes->kept, kept);
}

// The exponents of a product of four factors are taken out of it before it leaves the range.
INLINE void add_exponents(lanes *product, lanes *exponents) {
    lanes exponent;
    *product = lanes_split_exponent(*product, &exponent);
    *exponents += exponent;
}

static void scaled_update(const double *square_weights, size_t groups, const double *momentum_weights, size_t momentum_groups, double s,
                          double *logarithm, double *variance) {
    lanes product = lanes_of(1.0), other = product, exponents = lanes_of(0.0), sum = exponents;
    size_t group = 0;
    for (; group < momentum_groups; group++) {
        lanes factor = 1.0 + s * lanes_load(square_weights + group * LANES);
        factor = lanes_select(factor < 0x1p240, factor, lanes_of(0x1p240));
        sum += lanes_load(momentum_weights + group * LANES) / factor;
        product *= factor;
        if (group % 4 == 3) add_exponents(&product, &exponents);
    }
    add_exponents(&product, &exponents);
    // Two products at a time, that neither waits for itself.
    for (; group + 8 <= groups; group += 8) {
        UNROLLED (size_t i = 0; i < 8; i += 2) {
            lanes one = 1.0 + s * lanes_load(square_weights + (group + i) * LANES);
            lanes next = 1.0 + s * lanes_load(square_weights + (group + i + 1) * LANES);
            product *= lanes_select(one < 0x1p240, one, lanes_of(0x1p240));
            other *= lanes_select(next < 0x1p240, next, lanes_of(0x1p240));
        }
        add_exponents(&product, &exponents);
        add_exponents(&other, &exponents);
    }
    for (; group < groups; group++) {
        lanes factor = 1.0 + s * lanes_load(square_weights + group * LANES);
        product *= lanes_select(factor < 0x1p240, factor, lanes_of(0x1p240));
        if (group % 4 == 3) add_exponents(&product, &exponents);
    }
    add_exponents(&product, &exponents);
    *logarithm = lanes_sum(exponents) * LN2_HIGH + (lanes_sum(lanes_log(product) + lanes_log(other)) + lanes_sum(exponents) * LN2_LOW);
    *variance = lanes_sum(sum);
}
