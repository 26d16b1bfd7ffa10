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

    // Packed weights as convolve_pack makes them; x and y are eight images each.
    void (*_Nonnull convolve)(const varlab_convolution *_Nonnull shape, const VARLAB_REAL *_Nonnull x,
                              const VARLAB_REAL *_Nonnull packed, VARLAB_REAL *_Nonnull y);
    // packed [outputs/4, rounded up][inputs][taps][4] from weight (output, input, tap t) at
    // output output_stride + input input_stride + places[t].
    void (*_Nonnull convolve_pack)(const varlab_convolution *_Nonnull shape, const int32_t *_Nonnull places, long output_stride,
                                   long input_stride, const VARLAB_REAL *_Nonnull weights, VARLAB_REAL *_Nonnull packed);
    // sums [outputs][inputs][taps][8] = d times the input at the tap, summed over the pixels of `groups` times eight images; x and d
    // of a group begin x_group and d_group numbers behind those of the one before.
    void (*_Nonnull convolve_weights)(const varlab_convolution *_Nonnull shape, long groups, const VARLAB_REAL *_Nonnull x,
                                      long x_group, const VARLAB_REAL *_Nonnull d, long d_group, VARLAB_REAL *_Nonnull sums);
    // result[i] = the sum of the eight lanes of sums[i].
    void (*_Nonnull lane_sums)(long count, const VARLAB_REAL *_Nonnull sums, VARLAB_REAL *_Nonnull result);

    // Below, `images` of the eight are there, the first ones; the other lanes are ignored, and zero in what goes into a convolution.
    // `shape` is that of z and d, `target` that of what is written (of y in planes_rectify): the same images, framed or not.
    //
    // x from pixels [images][channels][height][width].
    void (*_Nonnull planes_pack)(const varlab_planes *_Nonnull shape, long images, const float *_Nonnull pixels, VARLAB_REAL *_Nonnull x);
    // Makes the frame around every channel zero.
    void (*_Nonnull planes_frame)(const varlab_planes *_Nonnull shape, VARLAB_REAL *_Nonnull x);
    // Adds pixels to each channel's mean and sum of squared deviations, which are of `before` pixels.
    void (*_Nonnull planes_moments)(const varlab_planes *_Nonnull shape, long images, double before, const VARLAB_REAL *_Nonnull z,
                                    double *_Nonnull means, double *_Nonnull squares);
    // y = max((z - mean) scale + shift, 0) by the first three rows of coefficients [6][channels].
    void (*_Nonnull planes_norm)(const varlab_planes *_Nonnull shape, const varlab_planes *_Nonnull target, long images,
                                 const VARLAB_REAL *_Nonnull z, const VARLAB_REAL *_Nonnull coefficients, VARLAB_REAL *_Nonnull y);
    // The same with the shortcut's x added before max, normalized by x_coefficients unless they are null.
    void (*_Nonnull planes_join)(const varlab_planes *_Nonnull shape, const varlab_planes *_Nonnull target,
                                 const varlab_shortcut *_Nonnull shortcut, long images, const VARLAB_REAL *_Nonnull z,
                                 const VARLAB_REAL *_Nonnull coefficients, const VARLAB_REAL *_Nonnull x,
                                 const VARLAB_REAL *_Nullable x_coefficients, VARLAB_REAL *_Nonnull y);
    // dx += d at the pixels that the shortcut takes.
    void (*_Nonnull planes_share)(const varlab_planes *_Nonnull shape, const varlab_shortcut *_Nonnull shortcut,
                                  const VARLAB_REAL *_Nonnull d, VARLAB_REAL *_Nonnull dx);
    // d = 0 where y, the rectified value, is 0.
    void (*_Nonnull planes_rectify)(const varlab_planes *_Nonnull shape, const varlab_planes *_Nonnull target, const VARLAB_REAL *_Nonnull y,
                                    VARLAB_REAL *_Nonnull d);
    // sums [2][channels] += the sums of d and of d (z - mean).
    void (*_Nonnull planes_slopes)(const varlab_planes *_Nonnull shape, const VARLAB_REAL *_Nonnull d, const VARLAB_REAL *_Nonnull z,
                                   const VARLAB_REAL *_Nonnull coefficients, double *_Nonnull sums);
    // The gradient of z from that of its normalized value, by the coefficients of norm_slopes.
    void (*_Nonnull planes_norm_backward)(const varlab_planes *_Nonnull shape, const varlab_planes *_Nonnull target, long images,
                                          const VARLAB_REAL *_Nonnull d, const VARLAB_REAL *_Nonnull z,
                                          const VARLAB_REAL *_Nonnull coefficients, VARLAB_REAL *_Nonnull dz);
    // The first three rows of coefficients [6][channels]: mean, gain/sqrt(variance + epsilon), shift.
    void (*_Nonnull norm_coefficients)(long channels, const double *_Nonnull means, const double *_Nonnull variances, double epsilon,
                                       const VARLAB_REAL *_Nonnull gain, const VARLAB_REAL *_Nonnull shift,
                                       VARLAB_REAL *_Nonnull coefficients);
    // The last three rows, and the gradients of gain and shift, from the sums of planes_slopes over all `count` pixels.
    void (*_Nonnull norm_slopes)(long channels, double count, const double *_Nonnull variances, double epsilon,
                                 const VARLAB_REAL *_Nonnull gain, const double *_Nonnull sums, VARLAB_REAL *_Nonnull coefficients,
                                 VARLAB_REAL *_Nonnull d_gain, VARLAB_REAL *_Nonnull d_shift);
    // means [images][channels] over the pixels.
    void (*_Nonnull planes_means)(const varlab_planes *_Nonnull shape, long images, const VARLAB_REAL *_Nonnull x,
                                  VARLAB_REAL *_Nonnull means);
    void (*_Nonnull planes_means_backward)(const varlab_planes *_Nonnull shape, long images, const VARLAB_REAL *_Nonnull d_means,
                                           VARLAB_REAL *_Nonnull d);

    // y[i] = e^x[i]: what the softmax uses, within 2 ulp; 0 below -87 (float), -708 (double).
    void (*_Nonnull exponential)(long count, const VARLAB_REAL *_Nonnull x, VARLAB_REAL *_Nonnull y);
} VARLAB_NETWORK;
