// Included by kernels.h: the inner loops of the exact law: about 100 nodes a step, four compensated sums each (two for the update), then two
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

// What the second moment of the update needs: half of the sums.
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
    if (sums.momentum) {
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
    double share = 0;
    for (int lane = 0; lane < LANES; lane++) {
        double first_share = first_edge[lane] / integrals[0], second_share = second_edge[lane] / integrals[1];
        share = first_share > share ? first_share : share;
        share = second_share > share ? second_share : share;
    }
    return share;
}
