// Included by network_kernels.h: layers whose rows are independent, in the precision REAL. Loops over independent elements are
// left to the compiler, which may not reorder their arithmetic.

static void NAME(add_bias)(long rows, long width, const REAL *bias_, bool rectify, REAL *y_) {
    const REAL *restrict bias = bias_;
    for (long r = 0; r < rows; r++) {
        REAL *restrict y = y_ + r * width;
        if (rectify)
            for (long i = 0; i < width; i++) {
                REAL x = y[i] + bias[i];
                y[i] = x > 0 ? x : 0;
            }
        else
            for (long i = 0; i < width; i++) y[i] += bias[i];
    }
}

static void NAME(bias_gradient)(long rows, long width, const REAL *dy_, REAL *d_bias_) {
    const REAL *dy = dy_;
    REAL *d_bias = d_bias_;
    long i = 0;
    for (; i + 2 * LANES <= width; i += 2 * LANES) {
        real_lanes first = {}, second = {};
        for (long r = 0; r < rows; r++) {
            first += NAME(load)(dy + r * width + i);
            second += NAME(load)(dy + r * width + i + LANES);
        }
        NAME(store)(d_bias + i, first);
        NAME(store)(d_bias + i + LANES, second);
    }
    for (; i < width; i++) {
        REAL sum = 0;
        for (long r = 0; r < rows; r++) sum += dy[r * width + i];
        d_bias[i] = sum;
    }
}

static void NAME(rectify_backward)(long count, const REAL *y_, REAL *dy_) {
    const REAL *restrict y = y_;
    REAL *restrict dy = dy_;
    for (long i = 0; i < count; i++) dy[i] = y[i] > 0 ? dy[i] : 0;
}

static void NAME(add)(long count, const REAL *a_, const REAL *b_, bool rectify, REAL *y_) {
    const REAL *a = a_, *b = b_;
    REAL *y = y_;
    if (rectify)
        for (long i = 0; i < count; i++) {
            REAL x = a[i] + b[i];
            y[i] = x > 0 ? x : 0;
        }
    else
        for (long i = 0; i < count; i++) y[i] = a[i] + b[i];
}

static void NAME(norm_forward)(long rows, long width, const REAL *x_, const REAL *gain_, const REAL *shift_,
                               double epsilon, REAL *normalized_, REAL *inverse_deviation_, REAL *y_) {
    const REAL *restrict gain = gain_, *restrict shift = shift_;
    REAL *restrict inverse_deviation = inverse_deviation_;
    const long whole = width / LANES * LANES, rest = width - whole;
    for (long r = 0; r < rows; r++) {
        const REAL *restrict x = x_ + r * width;
        REAL *restrict normalized = normalized_ + r * width, *restrict y = y_ + r * width;
        real_lanes sum = {};
        for (long i = 0; i < whole; i += LANES) sum += NAME(load)(x + i);
        if (rest) sum += NAME(load_part)(x + whole, rest, 0);
        const REAL mean = NAME(lane_sum)(sum) / (REAL)width;
        real_lanes squares = {};
        for (long i = 0; i < whole; i += LANES) {
            real_lanes d = NAME(load)(x + i) - mean;
            squares += d * d;
        }
        if (rest) {
            real_lanes d = NAME(load_part)(x + whole, rest, mean) - mean;
            squares += d * d;
        }
        const REAL variance = NAME(lane_sum)(squares) / (REAL)width;
        const REAL scale = 1 / (sizeof(REAL) == 4 ? (REAL)__builtin_sqrtf((float)(variance + (REAL)epsilon))
                                                  : (REAL)__builtin_sqrt(variance + (REAL)epsilon));
        inverse_deviation[r] = scale;
        for (long i = 0; i < width; i++) {
            normalized[i] = (x[i] - mean) * scale;
            y[i] = normalized[i] * gain[i] + shift[i];
        }
    }
}

static void NAME(norm_backward)(long rows, long width, const REAL *dy_, const REAL *gain_, const REAL *normalized_,
                                const REAL *inverse_deviation_, bool accumulate, REAL *dx_, REAL *d_gain_,
                                REAL *d_shift_) {
    const REAL *restrict gain = gain_, *restrict inverse_deviation = inverse_deviation_;
    REAL *restrict d_gain = d_gain_, *restrict d_shift = d_shift_;
    const long whole = width / LANES * LANES, rest = width - whole;
    for (long i = 0; i < width; i++) d_gain[i] = d_shift[i] = 0;
    for (long r = 0; r < rows; r++) {
        const REAL *dy = dy_ + r * width;
        const REAL *restrict normalized = normalized_ + r * width;
        REAL *dx = dx_ + r * width;
        real_lanes sum = {}, projection = {};
        for (long i = 0; i < whole; i += LANES) {
            real_lanes upstream = NAME(load)(dy + i), x = NAME(load)(normalized + i);
            real_lanes product = upstream * x, d = upstream * NAME(load)(gain + i);
            NAME(store)(d_gain + i, NAME(load)(d_gain + i) + product);
            NAME(store)(d_shift + i, NAME(load)(d_shift + i) + upstream);
            sum += d;
            projection += d * x;
        }
        if (rest) {
            real_lanes upstream = NAME(load_part)(dy + whole, rest, 0), x = NAME(load_part)(normalized + whole, rest, 0);
            real_lanes d = upstream * NAME(load_part)(gain + whole, rest, 0);
            for (long i = 0; i < rest; i++) {
                d_gain[whole + i] += upstream[i] * x[i];
                d_shift[whole + i] += upstream[i];
            }
            sum += d;
            projection += d * x;
        }
        const REAL mean = NAME(lane_sum)(sum) / (REAL)width, slope = NAME(lane_sum)(projection) / (REAL)width;
        const REAL scale = inverse_deviation[r];
        if (accumulate)
            for (long i = 0; i < width; i++) dx[i] += scale * ((dy[i] * gain[i] - mean) - normalized[i] * slope);
        else
            for (long i = 0; i < width; i++) dx[i] = scale * ((dy[i] * gain[i] - mean) - normalized[i] * slope);
    }
}

static void NAME(embed_forward)(long rows, long width, const int32_t *tokens, const int32_t *position,
                                const REAL *table_, double scale_, const REAL *positions_, REAL *y_) {
    const REAL scale = (REAL)scale_;
    for (long r = 0; r < rows; r++) {
        const REAL *restrict x = table_ + tokens[r] * width;
        const REAL *restrict p = positions_ + position[r] * width;
        REAL *restrict y = y_ + r * width;
        for (long i = 0; i < width; i++) y[i] = scale * x[i] + p[i];
    }
}

static void NAME(embed_backward)(long rows, long width, const int32_t *tokens, const REAL *dy_, double scale_,
                                 REAL *d_table_) {
    const REAL scale = (REAL)scale_;
    for (long r = 0; r < rows; r++) {
        const REAL *restrict dy = dy_ + r * width;
        REAL *restrict d = d_table_ + tokens[r] * width;
        for (long i = 0; i < width; i++) d[i] += scale * dy[i];
    }
}

static void NAME(gather)(long rows, long width, const int32_t *indices, const REAL *x, REAL *y) {
    for (long r = 0; r < rows; r++)
        __builtin_memcpy(y + r * width, x + indices[r] * width, (size_t)width * sizeof(REAL));
}

static void NAME(scatter)(long rows, long total, long width, const int32_t *indices, const REAL *x, REAL *y) {
    __builtin_memset(y, 0, (size_t)(total * width) * sizeof(REAL));
    for (long r = 0; r < rows; r++)
        __builtin_memcpy(y + indices[r] * width, x + r * width, (size_t)width * sizeof(REAL));
}

static void NAME(cross_entropy)(long rows, long classes, const int32_t *targets, double smoothing, double weight,
                                bool gradient, REAL *logits, int32_t *predictions, double *sums) {
    const long whole = classes / LANES * LANES, rest = classes - whole;
    const REAL share = (REAL)(smoothing / (double)classes), scale = (REAL)weight;
    for (long r = 0; r < rows; r++) {
        REAL *x = logits + r * classes;
        const REAL lowest = x[0];
        real_lanes largest_lanes = NAME(broadcast)(lowest);
        for (long i = 0; i < whole; i += LANES) largest_lanes = NAME(larger)(NAME(load)(x + i), largest_lanes);
        if (rest) largest_lanes = NAME(larger)(NAME(load_part)(x + whole, rest, lowest), largest_lanes);
        const REAL largest = NAME(lane_largest)(largest_lanes);
        if (predictions) {
            int32_t best = 0;
            while (best < classes - 1 && !(x[best] == largest)) best++;
            predictions[r] = best;
        }
        const double target = (double)x[targets[r]] - (double)largest;
        real_lanes sum = {}, excess = {};
        for (long i = 0; i < whole; i += LANES) {
            real_lanes below = NAME(load)(x + i) - largest, e = NAME(exp)(below);
            excess += below;
            sum += e;
            if (gradient) NAME(store)(x + i, e);
        }
        if (rest) {
            real_lanes below = NAME(load_part)(x + whole, rest, largest) - largest;
            real_lanes e = (real_lanes)((real_bits)NAME(exp)(below) & (real_bits)NAME(lanes_below)(rest, 0));
            excess += below;
            sum += e;
            if (gradient) NAME(store_part)(x + whole, rest, e);
        }
        const REAL total = NAME(lane_sum)(sum);
        const double log_total = logarithm((double)total);
        const double mean = (double)NAME(lane_sum)(excess) / (double)classes;
        sums[0] += log_total - (1 - smoothing) * target - smoothing * mean;
        sums[1] += log_total - target;
        if (gradient) {
            const REAL inverse = 1 / total;
            for (long i = 0; i < classes; i++) x[i] = (x[i] * inverse - share) * scale;
            x[targets[r]] -= (REAL)((1 - smoothing) * weight);
        }
    }
}

static void NAME(dropout_forward)(long count, const varlab_dropout *dropout, REAL *x_, uint8_t *mask) {
    REAL *restrict x = x_;
    const REAL scale = (REAL)(1 / (1 - dropout->rate));
    const uint32_t threshold = (uint32_t)(dropout->rate * 0x1p32);
    philox_keys keys;
    philox_schedule(dropout->seed, &keys);
    const uint64_t site = (uint64_t)dropout->site << 32;
    for (long first = 0; first < count; first += 4 * LANES) {
        uint32_t words[4 * LANES];
        random_words(&keys, site + (uint64_t)first / 4, dropout->step, words);
        const long here = count - first < 4 * LANES ? count - first : 4 * LANES;
        for (long i = 0; i < here; i++) {
            const bool kept = words[i] >= threshold;
            mask[first + i] = kept;
            x[first + i] = kept ? x[first + i] * scale : 0;
        }
    }
}

static void NAME(dropout_backward)(long count, double rate, const uint8_t *mask, const REAL *dy_, REAL *dx_) {
    const REAL *dy = dy_;
    REAL *dx = dx_;
    const REAL scale = (REAL)(1 / (1 - rate));
    for (long i = 0; i < count; i++) dx[i] = mask[i] ? dy[i] * scale : 0;
}

static void NAME(exponential)(long count, const REAL *x_, REAL *y_) {
    const REAL *x = x_;
    REAL *y = y_;
    long i = 0;
    for (; i + LANES <= count; i += LANES) NAME(store)(y + i, NAME(exp)(NAME(load)(x + i)));
    if (i < count) NAME(store_part)(y + i, count - i, NAME(exp)(NAME(load_part)(x + i, count - i, 0)));
}
