// Included by network_kernels.h: vectors of eight numbers of the precision REAL, and small matrix products of them. Sums are
// written out over eight lanes, so that every instruction set adds in the same order.

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

INLINE real_lanes NAME(exp)(real_lanes x) { return real_exponential(x); }

INLINE real_lanes NAME(larger)(real_lanes a, real_lanes b) { return NAME(select)(a > b, a, b); }

INLINE REAL NAME(lane_sum)(real_lanes x) {
    return ((x[0] + x[4]) + (x[2] + x[6])) + ((x[1] + x[5]) + (x[3] + x[7]));
}

INLINE REAL NAME(lane_largest)(real_lanes x) {
    REAL largest = x[0];
    for (int i = 1; i < LANES; i++) largest = x[i] > largest ? x[i] : largest;
    return largest;
}

// Keeps the lanes from ..< count of a row's vector that begins at `from`.
INLINE real_mask NAME(lanes_below)(long count, long from) {
    // As numbers of the precision, whose comparison makes a mask of the right width.
    return (real_lanes){0, 1, 2, 3, 4, 5, 6, 7} < NAME(broadcast)((REAL)(count - from));
}

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
