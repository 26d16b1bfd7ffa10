// Included by network_precisions.h: the kernels in the precision REAL for the instruction set VARIANT.
// Loops over independent elements are left to the compiler, which may not reorder their arithmetic; sums are written out
// over eight lanes.

INLINE real_lanes NAME(broadcast)(REAL x) { return (real_lanes){x, x, x, x, x, x, x, x}; }

INLINE real_lanes NAME(load)(const REAL *p) {
    real_lanes x;
    __builtin_memcpy(&x, p, sizeof x);
    return x;
}

INLINE void NAME(store)(REAL *p, real_lanes x) { __builtin_memcpy(p, &x, sizeof x); }

// The first count < 8 numbers, then fill.
INLINE real_lanes NAME(load_part)(const REAL *p, long count, REAL fill) {
    real_lanes x = NAME(broadcast)(fill);
    for (long i = 0; i < count; i++) x[i] = p[i];
    return x;
}

INLINE void NAME(store_part)(REAL *p, long count, real_lanes x) {
    for (long i = 0; i < count; i++) p[i] = x[i];
}

INLINE real_lanes NAME(select)(real_mask mask, real_lanes a, real_lanes b) {
    return (real_lanes)(((real_bits)mask & (real_bits)a) | (~(real_bits)mask & (real_bits)b));
}

INLINE real_lanes NAME(exp)(real_lanes x) {
    real_lanes y;
    real_exponential(&x, &y);
    return y;
}

INLINE real_lanes NAME(larger)(real_lanes a, real_lanes b) { return NAME(select)(a > b, a, b); }

INLINE REAL NAME(lane_sum)(real_lanes x) {
    return ((x[0] + x[4]) + (x[2] + x[6])) + ((x[1] + x[5]) + (x[3] + x[7]));
}

INLINE REAL NAME(lane_largest)(real_lanes x) {
    REAL largest = x[0];
    for (int i = 1; i < LANES; i++) largest = x[i] > largest ? x[i] : largest;
    return largest;
}

static void NAME(add_bias)(long rows, long width, const void *bias_, bool rectify, void *y_) {
    const REAL *restrict bias = bias_;
    for (long r = 0; r < rows; r++) {
        REAL *restrict y = (REAL *)y_ + r * width;
        if (rectify)
            for (long i = 0; i < width; i++) {
                REAL x = y[i] + bias[i];
                y[i] = x > 0 ? x : 0;
            }
        else
            for (long i = 0; i < width; i++) y[i] += bias[i];
    }
}

static void NAME(bias_gradient)(long rows, long width, const void *dy_, void *d_bias_) {
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

static void NAME(rectify_backward)(long count, const void *y_, void *dy_) {
    const REAL *restrict y = y_;
    REAL *restrict dy = dy_;
    for (long i = 0; i < count; i++) dy[i] = y[i] > 0 ? dy[i] : 0;
}

static void NAME(add)(long count, const void *a_, const void *b_, bool rectify, void *y_) {
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

static void NAME(norm_forward)(long rows, long width, const void *x_, const void *gain_, const void *shift_,
                               double epsilon, void *normalized_, void *inverse_deviation_, void *y_) {
    const REAL *restrict gain = gain_, *restrict shift = shift_;
    REAL *restrict inverse_deviation = inverse_deviation_;
    const long whole = width / LANES * LANES, rest = width - whole;
    for (long r = 0; r < rows; r++) {
        const REAL *restrict x = (const REAL *)x_ + r * width;
        REAL *restrict normalized = (REAL *)normalized_ + r * width, *restrict y = (REAL *)y_ + r * width;
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

static void NAME(norm_backward)(long rows, long width, const void *dy_, const void *gain_, const void *normalized_,
                                const void *inverse_deviation_, bool accumulate, void *dx_, void *d_gain_,
                                void *d_shift_) {
    const REAL *restrict gain = gain_, *restrict inverse_deviation = inverse_deviation_;
    REAL *restrict d_gain = d_gain_, *restrict d_shift = d_shift_;
    const long whole = width / LANES * LANES, rest = width - whole;
    for (long i = 0; i < width; i++) d_gain[i] = d_shift[i] = 0;
    for (long r = 0; r < rows; r++) {
        const REAL *dy = (const REAL *)dy_ + r * width;
        const REAL *restrict normalized = (const REAL *)normalized_ + r * width;
        REAL *dx = (REAL *)dx_ + r * width;
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
                                const void *table_, double scale_, const void *positions_, void *y_) {
    const REAL scale = (REAL)scale_;
    for (long r = 0; r < rows; r++) {
        const REAL *restrict x = (const REAL *)table_ + tokens[r] * width;
        const REAL *restrict p = (const REAL *)positions_ + position[r] * width;
        REAL *restrict y = (REAL *)y_ + r * width;
        for (long i = 0; i < width; i++) y[i] = scale * x[i] + p[i];
    }
}

static void NAME(embed_backward)(long rows, long width, const int32_t *tokens, const void *dy_, double scale_,
                                 void *d_table_) {
    const REAL scale = (REAL)scale_;
    for (long r = 0; r < rows; r++) {
        const REAL *restrict dy = (const REAL *)dy_ + r * width;
        REAL *restrict d = (REAL *)d_table_ + tokens[r] * width;
        for (long i = 0; i < width; i++) d[i] += scale * dy[i];
    }
}

static void NAME(gather)(long rows, long width, const int32_t *indices, const void *x, void *y) {
    for (long r = 0; r < rows; r++)
        __builtin_memcpy((REAL *)y + r * width, (const REAL *)x + indices[r] * width, (size_t)width * sizeof(REAL));
}

static void NAME(scatter)(long rows, long total, long width, const int32_t *indices, const void *x, void *y) {
    __builtin_memset(y, 0, (size_t)(total * width) * sizeof(REAL));
    for (long r = 0; r < rows; r++)
        __builtin_memcpy((REAL *)y + indices[r] * width, (const REAL *)x + r * width, (size_t)width * sizeof(REAL));
}

// Small matrix products

// rows x 8 vectors numbers of C = A B, with A(i, p) = a[i row_step + p inner_step]. Sums run over p in ascending order.
INLINE void NAME(tile)(const int rows, const int vectors, long first, long last, const REAL *a, long row_step,
                       long inner_step, const REAL *b, long b_stride, REAL *c, long c_stride) {
    real_lanes sum[4][3] = {};
    for (long p = first; p < last; p++) {
        const REAL *b_row = b + p * b_stride, *a_column = a + p * inner_step;
        real_lanes b_vector[3];
        _Pragma("clang loop unroll(full)") for (int v = 0; v < vectors; v++)
            b_vector[v] = NAME(load)(b_row + v * LANES);
        _Pragma("clang loop unroll(full)") for (int i = 0; i < rows; i++) {
            real_lanes factor = NAME(broadcast)(a_column[i * row_step]);
            _Pragma("clang loop unroll(full)") for (int v = 0; v < vectors; v++) sum[i][v] += factor * b_vector[v];
        }
    }
    _Pragma("clang loop unroll(full)") for (int i = 0; i < rows; i++)
        _Pragma("clang loop unroll(full)") for (int v = 0; v < vectors; v++)
            NAME(store)(c + i * c_stride + v * LANES, sum[i][v]);
}

#ifndef VARLAB_TRIANGLES
#define VARLAB_TRIANGLES
// Where a product need not be computed, for causal attention: beyond A's or C's diagonal the content is not used.
typedef enum { DENSE, LOWER_A, UPPER_A, LOWER_C } triangle;
#endif

// C [rows][8 vectors] = A [rows][inner] B [inner][8 vectors].
__attribute__((noinline)) static void NAME(multiply)(triangle known, long rows, long vectors, long inner, const REAL *a,
                                                     long row_step, long inner_step, const REAL *b, long b_stride,
                                                     REAL *c, long c_stride) {
    for (long v = 0, width; v < vectors; v += width) {
        width = vectors - v == 4 ? 2 : vectors - v < 3 ? vectors - v : 3;
        for (long i = 0; i < rows; i += 4) {
            const long height = rows - i < 4 ? rows - i : 4;
            if (known == LOWER_C && v * LANES >= i + height) continue;
            const long first = known == UPPER_A ? i : 0;
            const long last = known == LOWER_A && i + height < inner ? i + height : inner;
#define TILE(n, m)                                                                                              \
    case 4 * m + n:                                                                                             \
        NAME(tile)(n, m, first, last, a + i * row_step, row_step, inner_step, b + v * LANES, b_stride,          \
                   c + i * c_stride + v * LANES, c_stride);                                                     \
        break;
            switch (4 * width + height) {
                TILE(1, 1) TILE(2, 1) TILE(3, 1) TILE(4, 1)
                TILE(1, 2) TILE(2, 2) TILE(3, 2) TILE(4, 2)
                TILE(1, 3) TILE(2, 3) TILE(3, 3) TILE(4, 3)
            default:
                __builtin_unreachable();
            }
#undef TILE
        }
    }
}

INLINE void NAME(transpose_block)(real_lanes x[LANES]) {
#define PAIRS(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
    real_lanes t[LANES], u[LANES];
    _Pragma("clang loop unroll(full)") for (int i = 0; i < LANES; i += 2) {
        t[i] = PAIRS(x[i], x[i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
        t[i + 1] = PAIRS(x[i], x[i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
    }
    _Pragma("clang loop unroll(full)") for (int i = 0; i < LANES; i += 4)
        _Pragma("clang loop unroll(full)") for (int j = 0; j < 2; j++) {
            u[i + 2 * j] = PAIRS(t[i + j], t[i + j + 2], 0, 1, 8, 9, 4, 5, 12, 13);
            u[i + 2 * j + 1] = PAIRS(t[i + j], t[i + j + 2], 2, 3, 10, 11, 6, 7, 14, 15);
        }
    _Pragma("clang loop unroll(full)") for (int i = 0; i < 4; i++) {
        x[i] = PAIRS(u[i], u[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
        x[i + 4] = PAIRS(u[i], u[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
    }
#undef PAIRS
}

// Attention

// A head's rows, with a width that is a multiple of eight: where they are, or as a copy filled up with zeros.
typedef struct {
    const REAL *rows;
    long stride;
} NAME(head);

INLINE NAME(head) NAME(padded)(const REAL *x, long stride, long count, long width, REAL *copy) {
    if (width % LANES == 0) return (NAME(head)){x, stride};
    const long padded = (width + LANES - 1) / LANES * LANES;
    for (long r = 0; r < count; r++)
        for (long i = 0; i < padded; i++) copy[r * padded + i] = i < width ? x[r * stride + i] : 0;
    return (NAME(head)){copy, padded};
}

INLINE void NAME(transpose)(NAME(head) head, long count, long vectors, REAL *y, long y_stride) {
    for (long j = 0; j < count; j += LANES)
        for (long v = 0; v < vectors; v++) {
            real_lanes block[LANES];
            for (int i = 0; i < LANES; i++)
                block[i] = j + i < count ? NAME(load)(head.rows + (j + i) * head.stride + v * LANES) : (real_lanes){};
            NAME(transpose_block)(block);
            for (int i = 0; i < LANES; i++) NAME(store)(y + (v * LANES + i) * y_stride + j, block[i]);
        }
}

// A product whose rows become a head's: directly, or through a copy when the width is no multiple of eight.
INLINE void NAME(multiply_head)(triangle known, long rows, long width, long inner, const REAL *a, long row_step,
                                long inner_step, NAME(head) b, REAL *c, long c_stride, REAL *copy) {
    const long vectors = (width + LANES - 1) / LANES;
    if (width % LANES == 0) {
        NAME(multiply)(known, rows, vectors, inner, a, row_step, inner_step, b.rows, b.stride, c, c_stride);
        return;
    }
    NAME(multiply)(known, rows, vectors, inner, a, row_step, inner_step, b.rows, b.stride, copy, vectors * LANES);
    for (long r = 0; r < rows; r++)
        for (long i = 0; i < width; i++) c[r * c_stride + i] = copy[r * vectors * LANES + i];
}

// Keeps the lanes from ..< count of a row's vector that begins at `from`.
INLINE real_mask NAME(lanes_below)(long count, long from) {
    // As numbers of the precision, whose comparison makes a mask of the right width.
    return (real_lanes){0, 1, 2, 3, 4, 5, 6, 7} < NAME(broadcast)((REAL)(count - from));
}

// softmax(scale x) over the first count of 8 vectors numbers; the others become 0.
INLINE void NAME(softmax)(long count, long vectors, REAL scale, REAL *x) {
    const REAL lowest = -(REAL)3e38f;
    const long used = (count + LANES - 1) / LANES;
    real_mask last = NAME(lanes_below)(count, (used - 1) * LANES);
    real_lanes largest = NAME(broadcast)(lowest);
    for (long v = 0; v < used; v++) {
        real_lanes score = NAME(load)(x + v * LANES) * scale;
        if (v == used - 1) score = NAME(select)(last, score, NAME(broadcast)(lowest));
        NAME(store)(x + v * LANES, score);
        largest = NAME(larger)(score, largest);
    }
    const REAL shift = NAME(lane_largest)(largest);
    real_lanes sum = {};
    for (long v = 0; v < used; v++) {
        real_lanes e = NAME(exp)(NAME(load)(x + v * LANES) - shift);
        if (v == used - 1) e = (real_lanes)((real_bits)e & (real_bits)last);
        NAME(store)(x + v * LANES, e);
        sum += e;
    }
    const REAL factor = 1 / NAME(lane_sum)(sum);
    for (long v = 0; v < used; v++) NAME(store)(x + v * LANES, NAME(load)(x + v * LANES) * factor);
    for (long v = used; v < vectors; v++) NAME(store)(x + v * LANES, (real_lanes){});
}

INLINE REAL NAME(score_scale)(long head_width) {
    return 1 / (REAL)__builtin_sqrt((double)head_width);
}

static void NAME(attention_forward)(const varlab_attention *shape, const void *q_, const void *k_, const void *v_,
                                    void *probabilities, void *scratch_, void *output_) {
    const long width = shape->head_width, padded = (width + LANES - 1) / LANES * LANES;
    const REAL scale = NAME(score_scale)(width);
    REAL *scores = probabilities;
    for (long s = 0; s < shape->sentences; s++) {
        const long query = shape->query_starts[s], queries = shape->query_starts[s + 1] - query;
        const long key = shape->key_starts[s], keys = shape->key_starts[s + 1] - key;
        const long vectors = (keys + LANES - 1) / LANES, stride = vectors * LANES;
        const long most = (queries > keys ? queries : keys), area = (most + LANES - 1) / LANES * LANES * padded;
        for (long h = 0; h < shape->heads; h++, scores += queries * stride) {
            REAL *scratch = scratch_;
            const REAL *q = (const REAL *)q_ + query * shape->query_stride + h * width;
            const REAL *k = (const REAL *)k_ + key * shape->key_stride + h * width;
            const REAL *v = (const REAL *)v_ + key * shape->key_stride + h * width;
            REAL *output = (REAL *)output_ + query * shape->output_stride + h * width;
            REAL *transposed = scratch + 3 * area, *copy = scratch + 4 * area;
            NAME(head) q_head = NAME(padded)(q, shape->query_stride, queries, width, scratch);
            NAME(head) k_head = NAME(padded)(k, shape->key_stride, keys, width, scratch + area);
            NAME(head) v_head = NAME(padded)(v, shape->key_stride, keys, width, scratch + 2 * area);
            NAME(transpose)(k_head, keys, padded / LANES, transposed, stride);
            NAME(multiply)(shape->causal ? LOWER_C : DENSE, queries, vectors, width, q_head.rows, q_head.stride, 1,
                           transposed, stride, scores, stride);
            for (long i = 0; i < queries; i++)
                NAME(softmax)(shape->causal ? i + 1 : keys, vectors, scale, scores + i * stride);
            NAME(multiply_head)(shape->causal ? LOWER_A : DENSE, queries, width, keys, scores, stride, 1, v_head,
                                output, shape->output_stride, copy);
        }
    }
}

// d_scores from d_probabilities, in place: scale p (d - sum p d).
INLINE void NAME(softmax_backward)(long count, long vectors, REAL scale, const REAL *p, REAL *d) {
    const long used = (count + LANES - 1) / LANES;
    real_mask last = NAME(lanes_below)(count, (used - 1) * LANES);
    real_lanes sum = {};
    for (long v = 0; v < used; v++) {
        real_lanes product = NAME(load)(p + v * LANES) * NAME(load)(d + v * LANES);
        // Beyond the diagonal d holds anything.
        if (v == used - 1) product = (real_lanes)((real_bits)product & (real_bits)last);
        sum += product;
    }
    const REAL mean = NAME(lane_sum)(sum);
    for (long v = 0; v < used; v++) {
        real_lanes x = NAME(load)(p + v * LANES) * ((NAME(load)(d + v * LANES) - mean) * scale);
        if (v == used - 1) x = (real_lanes)((real_bits)x & (real_bits)last);
        NAME(store)(d + v * LANES, x);
    }
    for (long v = used; v < vectors; v++) NAME(store)(d + v * LANES, (real_lanes){});
}

static void NAME(attention_backward)(const varlab_attention *shape, const void *q_, const void *k_, const void *v_,
                                     const void *probabilities, const void *d_output_, void *scratch_, void *d_q_,
                                     void *d_k_, void *d_v_) {
    const long width = shape->head_width, padded = (width + LANES - 1) / LANES * LANES;
    const REAL scale = NAME(score_scale)(width);
    const REAL *p = probabilities;
    for (long s = 0; s < shape->sentences; s++) {
        const long query = shape->query_starts[s], queries = shape->query_starts[s + 1] - query;
        const long key = shape->key_starts[s], keys = shape->key_starts[s + 1] - key;
        const long vectors = (keys + LANES - 1) / LANES, stride = vectors * LANES;
        const long most = (queries > keys ? queries : keys), area = (most + LANES - 1) / LANES * LANES * padded;
        const triangle lower = shape->causal ? LOWER_A : DENSE, upper = shape->causal ? UPPER_A : DENSE;
        for (long h = 0; h < shape->heads; h++, p += queries * stride) {
            REAL *scratch = scratch_;
            const long query_offset = query * shape->query_stride + h * width;
            const long key_offset = key * shape->key_stride + h * width;
            REAL *transposed = scratch + 4 * area, *copy = scratch + 5 * area, *d_scores = scratch + 6 * area;
            NAME(head) q = NAME(padded)((const REAL *)q_ + query_offset, shape->query_stride, queries, width, scratch);
            NAME(head) k =
                NAME(padded)((const REAL *)k_ + key_offset, shape->key_stride, keys, width, scratch + area);
            NAME(head) v =
                NAME(padded)((const REAL *)v_ + key_offset, shape->key_stride, keys, width, scratch + 2 * area);
            NAME(head) d = NAME(padded)((const REAL *)d_output_ + query * shape->output_stride + h * width,
                                        shape->output_stride, queries, width, scratch + 3 * area);
            NAME(transpose)(v, keys, padded / LANES, transposed, stride);
            NAME(multiply)(shape->causal ? LOWER_C : DENSE, queries, vectors, width, d.rows, d.stride, 1, transposed,
                           stride, d_scores, stride);
            for (long i = 0; i < queries; i++)
                NAME(softmax_backward)(shape->causal ? i + 1 : keys, vectors, scale, p + i * stride,
                                       d_scores + i * stride);
            NAME(multiply_head)(upper, keys, width, queries, p, 1, stride, d, (REAL *)d_v_ + key_offset,
                                shape->key_stride, copy);
            NAME(multiply_head)(lower, queries, width, keys, d_scores, stride, 1, k, (REAL *)d_q_ + query_offset,
                                shape->query_stride, copy);
            NAME(multiply_head)(upper, keys, width, queries, d_scores, 1, stride, q, (REAL *)d_k_ + key_offset,
                                shape->key_stride, copy);
        }
    }
}

static void NAME(cross_entropy)(long rows, long classes, const int32_t *targets, double smoothing, double weight,
                                bool gradient, void *logits, int32_t *predictions, double *sums) {
    const long whole = classes / LANES * LANES, rest = classes - whole;
    const REAL share = (REAL)(smoothing / (double)classes), scale = (REAL)weight;
    for (long r = 0; r < rows; r++) {
        REAL *x = (REAL *)logits + r * classes;
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

// Dropout

static void NAME(dropout_forward)(long count, const varlab_dropout *dropout, void *x_, uint8_t *mask) {
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

static void NAME(dropout_backward)(long count, double rate, const uint8_t *mask, const void *dy_, void *dx_) {
    const REAL *dy = dy_;
    REAL *dx = dx_;
    const REAL scale = (REAL)(1 / (1 - rate));
    for (long i = 0; i < count; i++) dx[i] = mask[i] ? dy[i] * scale : 0;
}

// Images

static void NAME(patches_forward)(long images, long height, long width, long channels, const void *x_, void *patches_) {
    REAL *patch = patches_;
    const size_t bytes = (size_t)channels * sizeof(REAL);
    for (long n = 0; n < images; n++) {
        const REAL *image = (const REAL *)x_ + n * height * width * channels;
        for (long row = 0; row < height; row++)
            for (long column = 0; column < width; column++)
                for (long i = row - 1; i <= row + 1; i++)
                    for (long j = column - 1; j <= column + 1; j++, patch += channels) {
                        if (i >= 0 && i < height && j >= 0 && j < width)
                            __builtin_memcpy(patch, image + (i * width + j) * channels, bytes);
                        else
                            __builtin_memset(patch, 0, bytes);
                    }
    }
}

static void NAME(patches_backward)(long images, long height, long width, long channels, const void *d_patches_,
                                   void *dx_) {
    const REAL *patch = d_patches_;
    __builtin_memset(dx_, 0, (size_t)(images * height * width * channels) * sizeof(REAL));
    for (long n = 0; n < images; n++) {
        REAL *image = (REAL *)dx_ + n * height * width * channels;
        for (long row = 0; row < height; row++)
            for (long column = 0; column < width; column++)
                for (long i = row - 1; i <= row + 1; i++)
                    for (long j = column - 1; j <= column + 1; j++, patch += channels) {
                        if (!(i >= 0 && i < height && j >= 0 && j < width)) continue;
                        REAL *restrict dx = image + (i * width + j) * channels;
                        const REAL *restrict d = patch;
                        for (long c = 0; c < channels; c++) dx[c] += d[c];
                    }
    }
}

static void NAME(column_moments)(long rows, long width, const void *x_, double *restrict mean,
                                 double *restrict variance) {
    for (long c = 0; c < width; c++) mean[c] = variance[c] = 0;
    for (long r = 0; r < rows; r++) {
        const REAL *restrict x = (const REAL *)x_ + r * width;
        for (long c = 0; c < width; c++) mean[c] += (double)x[c];
    }
    for (long c = 0; c < width; c++) mean[c] /= (double)rows;
    for (long r = 0; r < rows; r++) {
        const REAL *restrict x = (const REAL *)x_ + r * width;
        for (long c = 0; c < width; c++) {
            double d = (double)x[c] - mean[c];
            variance[c] += d * d;
        }
    }
    for (long c = 0; c < width; c++) variance[c] /= (double)rows;
}

static void NAME(batch_norm_forward)(long rows, long width, const void *x_, const double *mean, const double *variance,
                                     double epsilon, const void *gain_, const void *shift_, bool rectify,
                                     void *scratch, void *normalized_, void *y_) {
    const REAL *restrict gain = gain_, *restrict shift = shift_;
    REAL *restrict center = scratch, *restrict scale = center + width;
    for (long c = 0; c < width; c++) {
        center[c] = (REAL)mean[c];
        scale[c] = (REAL)(1 / __builtin_sqrt(variance[c] + epsilon));
    }
    for (long r = 0; r < rows; r++) {
        const REAL *x = (const REAL *)x_ + r * width;
        REAL *restrict normalized = (REAL *)normalized_ + r * width;
        REAL *y = (REAL *)y_ + r * width;
        for (long c = 0; c < width; c++) normalized[c] = (x[c] - center[c]) * scale[c];
        if (rectify)
            for (long c = 0; c < width; c++) {
                REAL value = normalized[c] * gain[c] + shift[c];
                y[c] = value > 0 ? value : 0;
            }
        else
            for (long c = 0; c < width; c++) y[c] = normalized[c] * gain[c] + shift[c];
    }
}

static void NAME(batch_norm_backward)(long rows, long width, const void *dy_, const double *variance, double epsilon,
                                      const void *gain_, const void *normalized_, double *restrict sums, void *scratch,
                                      void *dx_, void *d_gain_, void *d_shift_) {
    const REAL *restrict gain = gain_;
    REAL *restrict d_gain = d_gain_, *restrict d_shift = d_shift_;
    REAL *restrict mean = scratch, *restrict slope = mean + width;
    for (long c = 0; c < 2 * width; c++) sums[c] = 0;
    for (long r = 0; r < rows; r++) {
        const REAL *restrict dy = (const REAL *)dy_ + r * width, *restrict x = (const REAL *)normalized_ + r * width;
        for (long c = 0; c < width; c++) sums[c] += (double)dy[c];
        for (long c = 0; c < width; c++) sums[width + c] += (double)dy[c] * (double)x[c];
    }
    for (long c = 0; c < width; c++) {
        d_shift[c] = (REAL)sums[c];
        d_gain[c] = (REAL)sums[width + c];
        mean[c] = (REAL)(sums[c] / (double)rows);
        slope[c] = (REAL)(sums[width + c] / (double)rows);
    }
    // gain/deviation last, in the place of the sums.
    for (long c = 0; c < width; c++) sums[c] = (double)gain[c] / __builtin_sqrt(variance[c] + epsilon);
    for (long r = 0; r < rows; r++) {
        const REAL *dy = (const REAL *)dy_ + r * width, *restrict x = (const REAL *)normalized_ + r * width;
        REAL *dx = (REAL *)dx_ + r * width;
        for (long c = 0; c < width; c++) dx[c] = (REAL)sums[c] * ((dy[c] - mean[c]) - x[c] * slope[c]);
    }
}

static void NAME(mean_forward)(long groups, long size, long width, const void *x_, void *y_) {
    const REAL scale = 1 / (REAL)size;
    for (long g = 0; g < groups; g++) {
        REAL *restrict y = (REAL *)y_ + g * width;
        for (long c = 0; c < width; c++) y[c] = 0;
        for (long r = 0; r < size; r++) {
            const REAL *restrict x = (const REAL *)x_ + (g * size + r) * width;
            for (long c = 0; c < width; c++) y[c] += x[c];
        }
        for (long c = 0; c < width; c++) y[c] *= scale;
    }
}

static void NAME(mean_backward)(long groups, long size, long width, const void *dy_, void *dx_) {
    const REAL scale = 1 / (REAL)size;
    for (long g = 0; g < groups; g++) {
        const REAL *restrict dy = (const REAL *)dy_ + g * width;
        for (long r = 0; r < size; r++) {
            REAL *restrict dx = (REAL *)dx_ + (g * size + r) * width;
            for (long c = 0; c < width; c++) dx[c] = dy[c] * scale;
        }
    }
}

static void NAME(exponential)(long count, const void *x_, void *y_) {
    const REAL *x = x_;
    REAL *y = y_;
    long i = 0;
    for (; i + LANES <= count; i += LANES) NAME(store)(y + i, NAME(exp)(NAME(load)(x + i)));
    if (i < count) NAME(store_part)(y + i, count - i, NAME(exp)(NAME(load_part)(x + i, count - i, 0)));
}

static const varlab_network NAME(kernels) = {
    .add_bias = NAME(add_bias),
    .bias_gradient = NAME(bias_gradient),
    .rectify_backward = NAME(rectify_backward),
    .add = NAME(add),
    .norm_forward = NAME(norm_forward),
    .norm_backward = NAME(norm_backward),
    .embed_forward = NAME(embed_forward),
    .embed_backward = NAME(embed_backward),
    .gather = NAME(gather),
    .scatter = NAME(scatter),
    .attention_forward = NAME(attention_forward),
    .attention_backward = NAME(attention_backward),
    .cross_entropy = NAME(cross_entropy),
    .dropout_forward = NAME(dropout_forward),
    .dropout_backward = NAME(dropout_backward),
    .patches_forward = NAME(patches_forward),
    .patches_backward = NAME(patches_backward),
    .column_moments = NAME(column_moments),
    .batch_norm_forward = NAME(batch_norm_forward),
    .batch_norm_backward = NAME(batch_norm_backward),
    .mean_forward = NAME(mean_forward),
    .mean_backward = NAME(mean_backward),
    .exponential = NAME(exponential),
};
