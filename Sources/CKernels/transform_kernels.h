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
        lanes scale, part = lanes_reduced_expm1(lanes_clamp_exponent(-x), &scale);
        // Both as lanes_exp and lanes_expm1 have them.
        lanes power = offset == 0 ? lanes_select(x > 708.0, lanes_of(0.0), scale + scale * part) : lanes_exp(offset - x);
        transform += share * power;
        complement -= share * ((scale - 1.0) + scale * part);
        if (!with_deviation) continue;
        lanes d = s * (square - mean_square);
        deviation += share * exponential_remainder(d, lanes_expm1(-d));
    }
    sums[0] = lanes_sum(transform);
    sums[1] = lanes_sum(complement);
    sums[2] = lanes_sum(deviation);
}

static void transform_tilted(const double *sizes, const double *positive, const double *negative, size_t groups, double s, double square,
                             double mean, double mean_deviation, int is_small, double *weights, varlab_tilted_points *result) {
    lanes total = lanes_of(0.0), sum = total, variance = total;
    for (size_t i = 0; i < groups * LANES; i += LANES) {
        lanes size = lanes_load(sizes + i), above = lanes_load(positive + i), below = lanes_load(negative + i), weight;
        if (is_small) {
            lanes change = lanes_expm1(-s * ((size - mean) * (size + mean)));
            weight = 1.0 + change;
            sum += (above * (size - mean) - below * (size + mean)) * change;
        } else {
            lanes exponent = s * (size * size - square);
            weight = lanes_select(exponent < 60.0, lanes_exp(-exponent), lanes_of(0.0));
            sum += (above - below) * (size * weight);
        }
        total += (above + below) * weight;
        lanes_store(weights + i, weight);
    }
    const double whole = lanes_sum(total), part = lanes_sum(sum);
    result->pull = is_small ? -(part + mean_deviation) / whole : mean - part / whole;
    result->mean = is_small ? mean - result->pull : part / whole;
    for (size_t i = 0; i < groups * LANES; i += LANES) {
        lanes size = lanes_load(sizes + i), one = size - result->mean, other = size + result->mean;
        variance += lanes_load(weights + i) * (lanes_load(positive + i) * (one * one) + lanes_load(negative + i) * (other * other));
    }
    result->variance = lanes_sum(variance) / whole;
}

#define MOST_POLYNOMIALS 40

typedef double quad __attribute__((vector_size(32)));

INLINE quad quad_load(const double *p) {
    quad x;
    __builtin_memcpy(&x, p, sizeof x);
    return x;
}

// All at one place of their pieces, so that the polynomials are there once; two pieces at a time, that neither waits for itself.
static void tilted_term(const double *coefficients, int degree, double place, ptrdiff_t stride, size_t count, const double multiplicities[4],
                        double *sums) {
    double polynomials[MOST_POLYNOMIALS + 1] = {1, place};
    for (int k = 2; k <= degree; k++) polynomials[k] = 2 * place * polynomials[k - 1] - polynomials[k - 2];
    const quad factor = quad_load(multiplicities);
    for (size_t i = 0; i < count; i += 2) {
        const double *one = coefficients + (ptrdiff_t)i * stride, *other = i + 1 < count ? one + stride : one;
        quad first = quad_load(one), second = quad_load(other);
        for (int k = 1; k <= degree; k++) {
            first += quad_load(one + 4 * k) * polynomials[k];
            second += quad_load(other + 4 * k) * polynomials[k];
        }
        first = quad_load(sums + 4 * i) + factor * first;
        __builtin_memcpy(sums + 4 * i, &first, sizeof first);
        if (i + 1 < count) {
            second = quad_load(sums + 4 * i + 4) + factor * second;
            __builtin_memcpy(sums + 4 * i + 4, &second, sizeof second);
        }
    }
}

static void chebyshev_sums(const double *values, size_t count, double middle, double half_width, size_t order, double *sums) {
    lanes totals[MOST_POLYNOMIALS];
    for (size_t k = 0; k < order; k++) totals[k] = lanes_of(0.0);
    for (size_t i = 0; i < count; i += LANES) {
        // What is filled up is subtracted again: T_k(0) is 0, -1, 0, 1 ...
        const size_t left = count - i < LANES ? count - i : LANES;
        lanes value = lanes_of(middle);
        __builtin_memcpy(&value, values + i, left * sizeof(double));
        lanes x = (value - middle) / half_width, previous = lanes_of(1.0), current = x;
        const lanes twice = 2.0 * x;
        for (size_t k = 1; k < order; k++) {
            totals[k] += current;
            const lanes next = twice * current - previous;
            previous = current;
            current = next;
        }
    }
    const double filled = (double)(-count % LANES);
    sums[0] = (double)count;
    for (size_t k = 1; k < order; k++) sums[k] = lanes_sum(totals[k]) - (k % 2 ? 0 : (k % 4 ? -filled : filled));
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

// The sums of a node that have nothing of the mean: sum m ln(1+x), m x/(1+x), m (x - ln(1+x)), m x^2/(1+x), m a x/(1+x), m a/(1+x), m a^2/(1+x), with
// m how many terms each stands for, term by term.
static void update_law_plain(varlab_update_law_terms terms, double largest, double sums[7]) {
    double totals[7] = {0};
    for (size_t first = 0; first < terms.count; first += LANES) {
        const size_t count = terms.count - first < LANES ? terms.count - first : LANES;
        lanes weight = lanes_of(0.0), m = weight, a = weight;
        __builtin_memcpy(&weight, terms.weights + first, count * sizeof(double));
        __builtin_memcpy(&m, terms.multiplicities + first, count * sizeof(double));
        __builtin_memcpy(&a, terms.momentum_weights + first, count * sizeof(double));
        const lanes x = largest * weight, rest = 1.0 / (1.0 + x), share = x * rest;
        lanes remainder, log = logarithm_and_remainder(x, &remainder);
        const lanes parts[7] = {m * log, m * share, m * remainder, m * x * share, m * a * share, m * a * rest, m * a * a * rest};
        for (size_t j = 0; j < count; j++)
            UNROLLED (int i = 0; i < 7; i++) totals[i] += parts[i][j];
    }
    for (int i = 0; i < 7; i++) sums[i] = totals[i];
}
