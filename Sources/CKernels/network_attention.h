// Included by network_kernels.h: scaled dot-product attention in the precision REAL.

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

static void NAME(attention_forward)(const varlab_attention *shape, const REAL *q_, const REAL *k_, const REAL *v_,
                                    REAL *probabilities, REAL *scratch_, REAL *output_) {
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
            const REAL *q = q_ + query * shape->query_stride + h * width;
            const REAL *k = k_ + key * shape->key_stride + h * width;
            const REAL *v = v_ + key * shape->key_stride + h * width;
            REAL *output = output_ + query * shape->output_stride + h * width;
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

static void NAME(attention_backward)(const varlab_attention *shape, const REAL *q_, const REAL *k_, const REAL *v_,
                                     const REAL *probabilities, const REAL *d_output_, REAL *scratch_, REAL *d_q_,
                                     REAL *d_k_, REAL *d_v_) {
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
            NAME(head) q = NAME(padded)(q_ + query_offset, shape->query_stride, queries, width, scratch);
            NAME(head) k =
                NAME(padded)(k_ + key_offset, shape->key_stride, keys, width, scratch + area);
            NAME(head) v =
                NAME(padded)(v_ + key_offset, shape->key_stride, keys, width, scratch + 2 * area);
            NAME(head) d = NAME(padded)(d_output_ + query * shape->output_stride + h * width,
                                        shape->output_stride, queries, width, scratch + 3 * area);
            NAME(transpose)(v, keys, padded / LANES, transposed, stride);
            NAME(multiply)(shape->causal ? LOWER_C : DENSE, queries, vectors, width, d.rows, d.stride, 1, transposed,
                           stride, d_scores, stride);
            for (long i = 0; i < queries; i++)
                NAME(softmax_backward)(shape->causal ? i + 1 : keys, vectors, scale, p + i * stride,
                                       d_scores + i * stride);
            NAME(multiply_head)(upper, keys, width, queries, p, 1, stride, d, d_v_ + key_offset,
                                shape->key_stride, copy);
            NAME(multiply_head)(lower, queries, width, keys, d_scores, stride, 1, k, d_q_ + query_offset,
                                shape->query_stride, copy);
            NAME(multiply_head)(upper, keys, width, queries, d_scores, 1, stride, q, d_k_ + key_offset,
                                shape->key_stride, copy);
        }
    }
}
