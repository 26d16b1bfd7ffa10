// Included by varlab_network.h for each precision, with VARLAB_REAL and the table's name VARLAB_NETWORK defined.
typedef struct {
    // y += bias, then max(y, 0) if asked.
    void (*_Nonnull add_bias)(long rows, long width, const VARLAB_REAL *_Nonnull bias, bool rectify, VARLAB_REAL *_Nonnull y);
    // d_bias = column sums of dy.
    void (*_Nonnull bias_gradient)(long rows, long width, const VARLAB_REAL *_Nonnull dy, VARLAB_REAL *_Nonnull d_bias);
    // dy = 0 where y, the rectified value, is 0.
    void (*_Nonnull rectify_backward)(long count, const VARLAB_REAL *_Nonnull y, VARLAB_REAL *_Nonnull dy);
    // y = a + b, then max(y, 0) if asked; y may be a or b.
    void (*_Nonnull add)(long count, const VARLAB_REAL *_Nonnull a, const VARLAB_REAL *_Nonnull b, bool rectify, VARLAB_REAL *_Nonnull y);

    // normalized = (x - mean)/sqrt(variance + epsilon) of each row, y = gain normalized + shift.
    void (*_Nonnull norm_forward)(long rows, long width, const VARLAB_REAL *_Nonnull x, const VARLAB_REAL *_Nonnull gain,
                                  const VARLAB_REAL *_Nonnull shift, double epsilon, VARLAB_REAL *_Nonnull normalized,
                                  VARLAB_REAL *_Nonnull inverse_deviation, VARLAB_REAL *_Nonnull y);
    // dx may be dy; with `accumulate` the gradient is added to dx.
    void (*_Nonnull norm_backward)(long rows, long width, const VARLAB_REAL *_Nonnull dy, const VARLAB_REAL *_Nonnull gain,
                                   const VARLAB_REAL *_Nonnull normalized, const VARLAB_REAL *_Nonnull inverse_deviation,
                                   bool accumulate, VARLAB_REAL *_Nonnull dx, VARLAB_REAL *_Nonnull d_gain, VARLAB_REAL *_Nonnull d_shift);

    // y[r] = scale table[tokens[r]] + positions[position[r]].
    void (*_Nonnull embed_forward)(long rows, long width, const int32_t *_Nonnull tokens,
                                   const int32_t *_Nonnull position, const VARLAB_REAL *_Nonnull table, double scale,
                                   const VARLAB_REAL *_Nonnull positions, VARLAB_REAL *_Nonnull y);
    // d_table[tokens[r]] += scale dy[r]; adds.
    void (*_Nonnull embed_backward)(long rows, long width, const int32_t *_Nonnull tokens, const VARLAB_REAL *_Nonnull dy,
                                    double scale, VARLAB_REAL *_Nonnull d_table);
    // y[r] = x[indices[r]].
    void (*_Nonnull gather)(long rows, long width, const int32_t *_Nonnull indices, const VARLAB_REAL *_Nonnull x,
                            VARLAB_REAL *_Nonnull y);
    // y[indices[r]] = x[r], all other rows of `total` 0.
    void (*_Nonnull scatter)(long rows, long total, long width, const int32_t *_Nonnull indices,
                             const VARLAB_REAL *_Nonnull x, VARLAB_REAL *_Nonnull y);

    // probabilities: varlab_attention_probabilities numbers; scratch: varlab_attention_scratch numbers, both aligned to 64.
    void (*_Nonnull attention_forward)(const varlab_attention *_Nonnull shape, const VARLAB_REAL *_Nonnull q,
                                       const VARLAB_REAL *_Nonnull k, const VARLAB_REAL *_Nonnull v, VARLAB_REAL *_Nonnull probabilities,
                                       VARLAB_REAL *_Nonnull scratch, VARLAB_REAL *_Nonnull output);
    // d_q, d_k, d_v have the strides of q, k, v.
    void (*_Nonnull attention_backward)(const varlab_attention *_Nonnull shape, const VARLAB_REAL *_Nonnull q,
                                        const VARLAB_REAL *_Nonnull k, const VARLAB_REAL *_Nonnull v,
                                        const VARLAB_REAL *_Nonnull probabilities, const VARLAB_REAL *_Nonnull d_output,
                                        VARLAB_REAL *_Nonnull scratch, VARLAB_REAL *_Nonnull d_q, VARLAB_REAL *_Nonnull d_k,
                                        VARLAB_REAL *_Nonnull d_v);

    // Cross-entropy of softmax(logits) with (1 - smoothing) on the target and smoothing / classes on every class.
    // sums[0] += its sum over the rows, sums[1] += that of -ln p(target). With `gradient` the logits become the gradient
    // of weight times the first sum. predictions [rows], unless null: the first class with the largest logit.
    void (*_Nonnull cross_entropy)(long rows, long classes, const int32_t *_Nonnull targets, double smoothing,
                                   double weight, bool gradient, VARLAB_REAL *_Nonnull logits, int32_t *_Nullable predictions,
                                   double *_Nonnull sums);

    // x = 0 with probability rate, x/(1 - rate) else; mask [count] is 1 where it is kept.
    void (*_Nonnull dropout_forward)(long count, const varlab_dropout *_Nonnull dropout, VARLAB_REAL *_Nonnull x,
                                     uint8_t *_Nonnull mask);
    // dx = mask dy/(1 - rate); dx may be dy.
    void (*_Nonnull dropout_backward)(long count, double rate, const uint8_t *_Nonnull mask, const VARLAB_REAL *_Nonnull dy,
                                      VARLAB_REAL *_Nonnull dx);

    // The 3x3 neighbourhoods of images [images][height][width][channels], zero outside:
    // patches [images][height][width][3][3][channels].
    void (*_Nonnull patches_forward)(long images, long height, long width, long channels, const VARLAB_REAL *_Nonnull x,
                                     VARLAB_REAL *_Nonnull patches);
    void (*_Nonnull patches_backward)(long images, long height, long width, long channels,
                                      const VARLAB_REAL *_Nonnull d_patches, VARLAB_REAL *_Nonnull dx);
    // Mean and biased variance of each column, in double.
    void (*_Nonnull column_moments)(long rows, long width, const VARLAB_REAL *_Nonnull x, double *_Nonnull mean,
                                    double *_Nonnull variance);
    // normalized = (x - mean)/sqrt(variance + epsilon) by column, y = gain normalized + shift, rectified if asked;
    // y may be x, normalized may not. scratch [2 width].
    void (*_Nonnull batch_norm_forward)(long rows, long width, const VARLAB_REAL *_Nonnull x, const double *_Nonnull mean,
                                        const double *_Nonnull variance, double epsilon, const VARLAB_REAL *_Nonnull gain,
                                        const VARLAB_REAL *_Nonnull shift, bool rectify, VARLAB_REAL *_Nonnull scratch,
                                        VARLAB_REAL *_Nonnull normalized, VARLAB_REAL *_Nonnull y);
    // variance is the batch's; sums [2 width]; dx may be dy.
    void (*_Nonnull batch_norm_backward)(long rows, long width, const VARLAB_REAL *_Nonnull dy,
                                         const double *_Nonnull variance, double epsilon, const VARLAB_REAL *_Nonnull gain,
                                         const VARLAB_REAL *_Nonnull normalized, double *_Nonnull sums, VARLAB_REAL *_Nonnull scratch,
                                         VARLAB_REAL *_Nonnull dx, VARLAB_REAL *_Nonnull d_gain, VARLAB_REAL *_Nonnull d_shift);
    // y [groups][width] = means over x [groups][size][width].
    void (*_Nonnull mean_forward)(long groups, long size, long width, const VARLAB_REAL *_Nonnull x, VARLAB_REAL *_Nonnull y);
    void (*_Nonnull mean_backward)(long groups, long size, long width, const VARLAB_REAL *_Nonnull dy, VARLAB_REAL *_Nonnull dx);

    // y[i] = e^x[i]: what the softmax uses, within 2 ulp; 0 below -87 (float), -708 (double).
    void (*_Nonnull exponential)(long count, const VARLAB_REAL *_Nonnull x, VARLAB_REAL *_Nonnull y);
} VARLAB_NETWORK;
