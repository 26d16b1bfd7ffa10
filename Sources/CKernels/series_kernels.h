// Included once for each precision, with REAL and NAME(name) defined: the statistics of the eight series of a tile, and of one that is sorted.

INLINE lanes NAME(load_tile)(const REAL *tile, size_t step) {
    return __builtin_convertvector(NAME(load)(tile + step * LANES), lanes);
}

static void NAME(series_extremes)(const REAL *tile, size_t steps, varlab_series_extremes *result) {
    real_lanes first = NAME(load)(tile), minimum = first, maximum = first, nonfinite = first - first;
    real_mask zeros = {0};
    const lanes origin = __builtin_convertvector(first, lanes);
    lanes sum = lanes_of(0.0);
    for (size_t step = 0; step < steps; step++) {
        const real_lanes x = NAME(load)(tile + step * LANES);
        minimum = NAME(select)(x < minimum, x, minimum);
        maximum = NAME(select)(x > maximum, x, maximum);
        nonfinite += x - x;
        zeros -= x == 0;
        sum += __builtin_convertvector(x, lanes) - origin;
    }
    lanes_store(result->minimum, __builtin_convertvector(minimum, lanes));
    lanes_store(result->maximum, __builtin_convertvector(maximum, lanes));
    lanes_store(result->zeros, __builtin_convertvector(zeros, lanes));
    lanes_store(result->nonfinite, __builtin_convertvector(nonfinite, lanes));
    lanes_store(result->sum, sum);
}

static void NAME(series_powers)(const REAL *tile, size_t steps, const double *centre, varlab_series_powers *result) {
    const lanes mean = lanes_load(centre);
    lanes previous = NAME(load_tile)(tile, 0) - mean, square = previous * previous;
    lanes second = 0.0 + square, third = 0.0 + square * previous, fourth = 0.0 + square * square, product = lanes_of(0.0), sum = product;
    for (size_t step = 1; step < steps; step++) {
        const lanes deviation = NAME(load_tile)(tile, step) - mean;
        square = deviation * deviation;
        second += square;
        third += square * deviation;
        fourth += square * square;
        product += previous * deviation;
        sum += previous + deviation;
        previous = deviation;
    }
    lanes_store(result->second, second);
    lanes_store(result->third, third);
    lanes_store(result->fourth, fourth);
    lanes_store(result->pair_product, product);
    lanes_store(result->pair_sum, sum);
}

static void NAME(series_rates)(const REAL *tile, const double *scale, const varlab_series_rates *rates, double *results) {
    const lanes divisor = lanes_load(scale);
    const double decay = rates->decay, gain = 1 - decay, momentum_decay = rates->momentum_decay, momentum_gain = 1 - momentum_decay;
    lanes m = lanes_of(0.0), v = m;
    size_t step = 0;
    for (size_t chosen = 0; chosen < rates->count; chosen++) {
        for (const size_t end = (size_t)rates->steps[chosen]; step < end; step++) {
            const lanes x = NAME(load_tile)(tile, step) / divisor;
            v = decay * v + gain * (x * x);
            m = momentum_decay * m + momentum_gain * x;
        }
        lanes_store(results + 2 * LANES * chosen, 1.0 / (lanes_sqrt(v / rates->correction[chosen]) + rates->epsilon));
        lanes_store(results + (2 * chosen + 1) * LANES, m / rates->momentum_correction[chosen]);
    }
}

static void NAME(series_squares)(const REAL *tile, size_t steps, const double *scale, double *sums) {
    lanes divisor = lanes_load(scale);
    const lane_mask is_left_out = divisor == 0;
    int all = 1;
    for (int j = 0; j < LANES; j++) all &= is_left_out[j] == 0;
    // What is left out adds 0, which changes no sum of squares.
    divisor = lanes_select(is_left_out, lanes_of(1.0), divisor);
    for (size_t step = 0; step < steps; step++) {
        const lanes x = NAME(load_tile)(tile, step) / divisor;
        lanes square = x * x;
        if (!all) square = lanes_select(is_left_out, lanes_of(0.0), square);
        double sum = sums[step];
        for (int j = 0; j < LANES; j++) sum += square[j];
        sums[step] = sum;
    }
}

// Rows become columns.
INLINE void NAME(transpose_tile)(real_lanes x[LANES]) {
    real_lanes y[LANES], z[LANES];
    for (int i = 0; i < 4; i++) {
        y[2 * i] = __builtin_shufflevector(x[2 * i], x[2 * i + 1], 0, 8, 2, 10, 4, 12, 6, 14);
        y[2 * i + 1] = __builtin_shufflevector(x[2 * i], x[2 * i + 1], 1, 9, 3, 11, 5, 13, 7, 15);
    }
    for (int i = 0; i < 8; i += 4)
        for (int j = i; j < i + 2; j++) {
            z[j] = __builtin_shufflevector(y[j], y[j + 2], 0, 1, 8, 9, 4, 5, 12, 13);
            z[j + 2] = __builtin_shufflevector(y[j], y[j + 2], 2, 3, 10, 11, 6, 7, 14, 15);
        }
    for (int j = 0; j < 4; j++) {
        x[j] = __builtin_shufflevector(z[j], z[j + 4], 0, 1, 2, 3, 8, 9, 10, 11);
        x[j + 4] = __builtin_shufflevector(z[j], z[j + 4], 4, 5, 6, 7, 12, 13, 14, 15);
    }
}

// Sixteen ascending numbers of one series, the first of which has the weight `weight[0]`; `left` of them count.
INLINE void NAME(add_tails)(
    const real_lanes x[2], double mean, double deviation, lanes weight, double weights, long left, lanes *sum, lanes *lost) {
    lanes z[2], below[2], above[2];
    for (int i = 0; i < 2; i++) z[i] = (__builtin_convertvector(x[i], lanes) - mean) / deviation;
    normal_tails_pair(z, below, above);
    for (int i = 0; i < 2; i++, weight += 2.0 * LANES) {
        lanes term = weight * below[i] + (weights - weight) * above[i];
        if (left < 2 * LANES) term = lanes_select((lane_mask){0, 1, 2, 3, 4, 5, 6, 7} < (int64_t)(left - i * LANES), term, lanes_of(0.0));
        add_positive(sum, lost, term);
    }
}

INLINE void NAME(tail_sums)(const lanes *sum, const lanes *lost, double *result) {
    lanes total = lanes_of(0.0), rest = total;
    for (int j = 0; j < LANES; j++) add_positive(&total, &rest, lanes_of((*sum)[j]));
    result[0] = total[0];
    result[1] = rest[0] + lanes_sum(*lost);
}

#define FIRST_WEIGHTS (lanes){1, 3, 5, 7, 9, 11, 13, 15}

// Of one series.
static void NAME(anderson_darling)(const REAL *sorted, size_t count, double mean, double deviation, double result[2]) {
    lanes sum = lanes_of(0.0), lost = sum, weight = FIRST_WEIGHTS;
    for (size_t first = 0; first < count; first += 2 * LANES, weight += 4.0 * LANES) {
        const size_t left = count - first;
        real_lanes x[2];
        if (left >= 2 * LANES) {
            for (size_t i = 0; i < 2; i++) x[i] = NAME(load)(sorted + first + i * LANES);
        } else {
            // The last one stands for those after it.
            for (size_t j = 0; j < 2 * LANES; j++) x[j / LANES][j % LANES] = sorted[first + (j < left ? j : left - 1)];
        }
        NAME(add_tails)(x, mean, deviation, weight, 2.0 * (double)count, (long)left, &sum, &lost);
    }
    NAME(tail_sums)(&sum, &lost, result);
}

// Of the eight series of a sorted tile; those without a deviation are left out.
static void NAME(anderson_darling_tile)(
    const REAL *sorted, size_t count, const double *mean, const double *deviation, double *results) {
    lanes sum[LANES] = {{0}}, lost[LANES] = {{0}}, weight = FIRST_WEIGHTS;
    for (size_t first = 0; first < count; first += 2 * LANES, weight += 4.0 * LANES) {
        const size_t left = count - first;
        real_lanes x[2][LANES];
        for (size_t j = 0; j < 2 * LANES; j++) x[j / LANES][j % LANES] = NAME(load)(sorted + (first + (j < left ? j : left - 1)) * LANES);
        for (int i = 0; i < 2; i++) NAME(transpose_tile)(x[i]);
        for (int j = 0; j < LANES; j++) {
            if (!(deviation[j] > 0)) continue;
            const real_lanes pair[2] = {x[0][j], x[1][j]};
            NAME(add_tails)(pair, mean[j], deviation[j], weight, 2.0 * (double)count, (long)left, sum + j, lost + j);
        }
    }
    for (int j = 0; j < LANES; j++) NAME(tail_sums)(sum + j, lost + j, results + 2 * j);
}
