// What a neural network computes besides matrix products: forward and backward passes over row-major arrays.
//
// One table of functions for each precision and instruction set; arrays of the precision are `void`. A gradient of the
// parameters is overwritten unless said otherwise. Every sum is taken in an order that does not depend on the instruction
// set, so that all variants give the same bits. Arrays do not overlap unless said otherwise.
#ifndef VARLAB_NETWORK_H
#define VARLAB_NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "varlab_variant.h"

typedef enum { VARLAB_FLOAT, VARLAB_DOUBLE } varlab_precision;

// Scaled dot-product attention over sentences of different lengths, stored one after the other without padding. A row holds
// the heads side by side, head_width numbers each; the strides are the distances of two rows, in numbers.
typedef struct {
    long sentences, heads, head_width;
    const int32_t *_Nonnull query_starts, *_Nonnull key_starts;  // [sentences + 1]: the row where each sentence begins
    long query_stride, key_stride, output_stride;  // key_stride is the values' too
    bool causal;  // query i sees keys 0...i
} varlab_attention;

// The dropout mask of element i: word i mod 4 of the generator at (trajectory = site 2^32 + i/4, pair = step), see philox.h.
typedef struct {
    uint64_t seed, step;
    uint32_t site;
    double rate;
} varlab_dropout;

typedef struct {
    // y += bias, then max(y, 0) if asked.
    void (*_Nonnull add_bias)(long rows, long width, const void *_Nonnull bias, bool rectify, void *_Nonnull y);
    // d_bias = column sums of dy.
    void (*_Nonnull bias_gradient)(long rows, long width, const void *_Nonnull dy, void *_Nonnull d_bias);
    // dy = 0 where y, the rectified value, is 0.
    void (*_Nonnull rectify_backward)(long count, const void *_Nonnull y, void *_Nonnull dy);
    // y = a + b, then max(y, 0) if asked; y may be a or b.
    void (*_Nonnull add)(long count, const void *_Nonnull a, const void *_Nonnull b, bool rectify, void *_Nonnull y);

    // normalized = (x - mean)/sqrt(variance + epsilon) of each row, y = gain normalized + shift.
    void (*_Nonnull norm_forward)(long rows, long width, const void *_Nonnull x, const void *_Nonnull gain,
                                  const void *_Nonnull shift, double epsilon, void *_Nonnull normalized,
                                  void *_Nonnull inverse_deviation, void *_Nonnull y);
    // dx may be dy; with `accumulate` the gradient is added to dx.
    void (*_Nonnull norm_backward)(long rows, long width, const void *_Nonnull dy, const void *_Nonnull gain,
                                   const void *_Nonnull normalized, const void *_Nonnull inverse_deviation,
                                   bool accumulate, void *_Nonnull dx, void *_Nonnull d_gain, void *_Nonnull d_shift);

    // y[r] = scale table[tokens[r]] + positions[position[r]].
    void (*_Nonnull embed_forward)(long rows, long width, const int32_t *_Nonnull tokens,
                                   const int32_t *_Nonnull position, const void *_Nonnull table, double scale,
                                   const void *_Nonnull positions, void *_Nonnull y);
    // d_table[tokens[r]] += scale dy[r]; adds.
    void (*_Nonnull embed_backward)(long rows, long width, const int32_t *_Nonnull tokens, const void *_Nonnull dy,
                                    double scale, void *_Nonnull d_table);
    // y[r] = x[indices[r]].
    void (*_Nonnull gather)(long rows, long width, const int32_t *_Nonnull indices, const void *_Nonnull x,
                            void *_Nonnull y);
    // y[indices[r]] = x[r], all other rows of `total` 0.
    void (*_Nonnull scatter)(long rows, long total, long width, const int32_t *_Nonnull indices,
                             const void *_Nonnull x, void *_Nonnull y);

    // probabilities: varlab_attention_probabilities numbers; scratch: varlab_attention_scratch numbers, both aligned to 64.
    void (*_Nonnull attention_forward)(const varlab_attention *_Nonnull shape, const void *_Nonnull q,
                                       const void *_Nonnull k, const void *_Nonnull v, void *_Nonnull probabilities,
                                       void *_Nonnull scratch, void *_Nonnull output);
    // d_q, d_k, d_v have the strides of q, k, v.
    void (*_Nonnull attention_backward)(const varlab_attention *_Nonnull shape, const void *_Nonnull q,
                                        const void *_Nonnull k, const void *_Nonnull v,
                                        const void *_Nonnull probabilities, const void *_Nonnull d_output,
                                        void *_Nonnull scratch, void *_Nonnull d_q, void *_Nonnull d_k,
                                        void *_Nonnull d_v);

    // Cross-entropy of softmax(logits) with (1 - smoothing) on the target and smoothing / classes on every class.
    // sums[0] += its sum over the rows, sums[1] += that of -ln p(target). With `gradient` the logits become the gradient
    // of weight times the first sum. predictions [rows], unless null: the first class with the largest logit.
    void (*_Nonnull cross_entropy)(long rows, long classes, const int32_t *_Nonnull targets, double smoothing,
                                   double weight, bool gradient, void *_Nonnull logits, int32_t *_Nullable predictions,
                                   double *_Nonnull sums);

    // x = 0 with probability rate, x/(1 - rate) else; mask [count] is 1 where it is kept.
    void (*_Nonnull dropout_forward)(long count, const varlab_dropout *_Nonnull dropout, void *_Nonnull x,
                                     uint8_t *_Nonnull mask);
    // dx = mask dy/(1 - rate); dx may be dy.
    void (*_Nonnull dropout_backward)(long count, double rate, const uint8_t *_Nonnull mask, const void *_Nonnull dy,
                                      void *_Nonnull dx);

    // The 3x3 neighbourhoods of images [images][height][width][channels], zero outside:
    // patches [images][height][width][3][3][channels].
    void (*_Nonnull patches_forward)(long images, long height, long width, long channels, const void *_Nonnull x,
                                     void *_Nonnull patches);
    void (*_Nonnull patches_backward)(long images, long height, long width, long channels,
                                      const void *_Nonnull d_patches, void *_Nonnull dx);
    // Mean and biased variance of each column, in double.
    void (*_Nonnull column_moments)(long rows, long width, const void *_Nonnull x, double *_Nonnull mean,
                                    double *_Nonnull variance);
    // normalized = (x - mean)/sqrt(variance + epsilon) by column, y = gain normalized + shift, rectified if asked;
    // y may be x, normalized may not. scratch [2 width].
    void (*_Nonnull batch_norm_forward)(long rows, long width, const void *_Nonnull x, const double *_Nonnull mean,
                                        const double *_Nonnull variance, double epsilon, const void *_Nonnull gain,
                                        const void *_Nonnull shift, bool rectify, void *_Nonnull scratch,
                                        void *_Nonnull normalized, void *_Nonnull y);
    // variance is the batch's; sums [2 width]; dx may be dy.
    void (*_Nonnull batch_norm_backward)(long rows, long width, const void *_Nonnull dy,
                                         const double *_Nonnull variance, double epsilon, const void *_Nonnull gain,
                                         const void *_Nonnull normalized, double *_Nonnull sums, void *_Nonnull scratch,
                                         void *_Nonnull dx, void *_Nonnull d_gain, void *_Nonnull d_shift);
    // y [groups][width] = means over x [groups][size][width].
    void (*_Nonnull mean_forward)(long groups, long size, long width, const void *_Nonnull x, void *_Nonnull y);
    void (*_Nonnull mean_backward)(long groups, long size, long width, const void *_Nonnull dy, void *_Nonnull dx);

    // y[i] = e^x[i]: what the softmax uses, within 2 ulp; 0 below -87 (float), -708 (double).
    void (*_Nonnull exponential)(long count, const void *_Nonnull x, void *_Nonnull y);
} varlab_network;

// The kernels of one precision for one instruction set, which this build must have.
const varlab_network *_Nonnull varlab_network_kernels(varlab_variant variant, varlab_precision precision);

// How many numbers the attention kernels' arrays need.
long varlab_attention_probabilities(const varlab_attention *_Nonnull shape);
long varlab_attention_scratch(const varlab_attention *_Nonnull shape);

#endif
