// Included by network_kernels.h: convolution in the precision REAL, of eight images at a time, one in each lane.
//
// With an image in a lane nothing depends on how many channels there are or how wide a row is: a weight is broadcast, and
// a vector is the same pixel of eight images. Few channels make no matrix that a library multiplies well. A tile of four
// outputs by three pixels is twelve sums in registers, for which seven vectors are loaded at each tap.
//
// Sums are fused multiply-adds in a written order: the same bits on every processor. One without them calls the C library's fma,
// which is slow, and right.

INLINE real_lanes NAME(multiply_add)(real_lanes a, real_lanes b, real_lanes c) { return __builtin_elementwise_fma(a, b, c); }

// `pixels` pixels of the outputs that one block of packed weights is of; taps is a constant, or 0 for those of the shape.
INLINE void NAME(convolve_tile)(const int pixels, const int known_taps, const varlab_convolution *s, const REAL *x, const REAL *weights,
                                long outputs, REAL *y) {
    const long taps = known_taps ? known_taps : s->taps, column = LANES * s->input_column;
    real_lanes sum[4][3] = {};
    for (long c = 0; c < s->inputs; c++, x += LANES * s->input_plane) {
#define TAP(t)                                                                                                    \
    do {                                                                                                          \
        const REAL *tap = x + LANES * s->tap[t];                                                                  \
        real_lanes pixel[3];                                                                                      \
        _Pragma("clang loop unroll(full)") for (int j = 0; j < pixels; j++) pixel[j] = NAME(load)(tap + j * column); \
        _Pragma("clang loop unroll(full)") for (int i = 0; i < 4; i++) {                                          \
            real_lanes weight = NAME(broadcast)(weights[4 * (t) + i]);                                            \
            _Pragma("clang loop unroll(full)") for (int j = 0; j < pixels; j++)                                   \
                sum[i][j] = NAME(multiply_add)(weight, pixel[j], sum[i][j]);                                      \
        }                                                                                                         \
    } while (0)
        if (known_taps && pixels < 3) {
            _Pragma("clang loop unroll(full)") for (long t = 0; t < known_taps; t++) TAP(t);
        } else {
            // Unrolled, the largest tile would not stay in sixteen registers.
            _Pragma("clang loop unroll(disable)") for (long t = 0; t < taps; t++) TAP(t);
        }
#undef TAP
        weights += 4 * taps;
    }
    _Pragma("clang loop unroll(full)") for (int i = 0; i < 4; i++) {
        if (i >= outputs) break;
        REAL *row = y + LANES * i * s->output_plane;
        _Pragma("clang loop unroll(full)") for (int j = 0; j < pixels; j++) {
            REAL *to = row + LANES * j * s->output_column;
            NAME(store)(to, s->add ? NAME(load)(to) + sum[i][j] : sum[i][j]);
        }
    }
}

INLINE void NAME(convolve_rows)(const int known_taps, const varlab_convolution *s, const REAL *x, const REAL *weights, REAL *y) {
    for (long row = 0; row < s->height; row++)
        for (long k = 0; k < s->outputs; k += 4) {
            const REAL *block = weights + k * s->inputs * s->taps;
            const REAL *from = x + LANES * row * s->input_row;
            REAL *to = y + LANES * (k * s->output_plane + row * s->output_row);
            for (long left = s->width, count; left > 0; left -= count) {
                // Three at an odd end: the sums of one pixel alone would wait for each other.
                count = left == 3 ? 3 : left == 1 ? 1 : 2;
                if (count == 3)
                    NAME(convolve_tile)(3, known_taps, s, from, block, s->outputs - k, to);
                else if (count == 2)
                    NAME(convolve_tile)(2, known_taps, s, from, block, s->outputs - k, to);
                else
                    NAME(convolve_tile)(1, known_taps, s, from, block, s->outputs - k, to);
                from += LANES * count * s->input_column;
                to += LANES * count * s->output_column;
            }
        }
}

static void NAME(convolve)(const varlab_convolution *s, const REAL *x, const REAL *weights, REAL *y) {
    if (s->taps == 9)
        NAME(convolve_rows)(9, s, x, weights, y);
    else
        NAME(convolve_rows)(0, s, x, weights, y);
}

static void NAME(convolve_pack)(const varlab_convolution *s, const int32_t *places, long output_stride, long input_stride,
                                const REAL *weights, REAL *packed) {
    for (long k = 0; k < s->outputs; k += 4)
        for (long c = 0; c < s->inputs; c++)
            for (long t = 0; t < s->taps; t++)
                for (long i = k; i < k + 4; i++)
                    *packed++ = i < s->outputs ? weights[i * output_stride + c * input_stride + places[t]] : 0;
}

// The sums of four outputs with `columns` taps, each of some channel, which begin at `from` in the first image.
INLINE void NAME(weights_tile)(const int columns, const varlab_convolution *s, long groups, const REAL *const from[3], long x_group,
                               const REAL *const d[4], long d_group, REAL *const sums[4]) {
    real_lanes sum[4][3];
    _Pragma("clang loop unroll(full)") for (int i = 0; i < 4; i++)
        _Pragma("clang loop unroll(full)") for (int j = 0; j < columns; j++)
            sum[i][j] = s->add ? NAME(load)(sums[i] + LANES * j) : NAME(broadcast)(0);
    const long x_step = LANES * s->input_column, d_step = LANES * s->output_column;
    for (long g = 0; g < groups; g++)
        for (long row = 0; row < s->height; row++) {
            const long x_at = g * x_group + LANES * row * s->input_row, d_at = g * d_group + LANES * row * s->output_row;
            const REAL *x0 = from[0] + x_at, *x1 = from[1] + x_at, *x2 = from[2] + x_at;
            const REAL *d0 = d[0] + d_at, *d1 = d[1] + d_at, *d2 = d[2] + d_at, *d3 = d[3] + d_at;
            for (long column = 0; column < s->width; column++) {
                real_lanes pixel[3] = {NAME(load)(x0)};
                if (columns > 1) pixel[1] = NAME(load)(x1);
                if (columns > 2) pixel[2] = NAME(load)(x2);
#define OUTPUT(i, p)                                                                                              \
    do {                                                                                                          \
        real_lanes slope = NAME(load)(p);                                                                         \
        _Pragma("clang loop unroll(full)") for (int j = 0; j < columns; j++)                                      \
            sum[i][j] = NAME(multiply_add)(slope, pixel[j], sum[i][j]);                                           \
    } while (0)
                OUTPUT(0, d0);
                OUTPUT(1, d1);
                OUTPUT(2, d2);
                OUTPUT(3, d3);
#undef OUTPUT
                x0 += x_step, x1 += x_step, x2 += x_step;
                d0 += d_step, d1 += d_step, d2 += d_step, d3 += d_step;
            }
        }
    // A row that stands in for a missing one has the address of another and is written first.
    for (int i = 3; i >= 0; i--)
        _Pragma("clang loop unroll(full)") for (int j = 0; j < columns; j++) NAME(store)(sums[i] + LANES * j, sum[i][j]);
}

static void NAME(convolve_weights)(const varlab_convolution *s, long groups, const REAL *x, long x_group, const REAL *d, long d_group,
                                   REAL *sums) {
    const long row_count = s->inputs * s->taps;
    for (long k = 0; k < s->outputs; k += 4)
        for (long q = 0, columns; q < row_count; q += columns) {
            columns = row_count - q < 3 ? row_count - q : 3;
            const REAL *from[3], *slopes[4];
            REAL *to[4];
            for (long j = 0; j < 3; j++) {
                const long at = j < columns ? q + j : q;
                from[j] = x + LANES * (at / s->taps * s->input_plane + s->tap[at % s->taps]);
            }
            for (long i = 0; i < 4; i++) {
                const long output = k + i < s->outputs ? k + i : k;
                slopes[i] = d + LANES * output * s->output_plane;
                to[i] = sums + LANES * (output * row_count + q);
            }
            if (columns == 3)
                NAME(weights_tile)(3, s, groups, from, x_group, slopes, d_group, to);
            else if (columns == 2)
                NAME(weights_tile)(2, s, groups, from, x_group, slopes, d_group, to);
            else
                NAME(weights_tile)(1, s, groups, from, x_group, slopes, d_group, to);
        }
}

static void NAME(lane_sums)(long count, const REAL *sums, REAL *result) {
    for (long i = 0; i < count; i++) result[i] = NAME(lane_sum)(NAME(load)(sums + LANES * i));
}
