// What a neural network computes besides matrix products: forward and backward passes over row-major arrays.
//
// One table of functions for each precision and instruction set. A gradient of the
// parameters is overwritten unless said otherwise. Every sum is taken in an order that does not depend on the instruction
// set, so that all variants give the same bits. Arrays do not overlap unless said otherwise.
#ifndef VARLAB_NETWORK_H
#define VARLAB_NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "varlab_variant.h"

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

#define VARLAB_REAL float
#define VARLAB_NETWORK varlab_network_float
#include "varlab_network_table.h"
#undef VARLAB_REAL
#undef VARLAB_NETWORK

#define VARLAB_REAL double
#define VARLAB_NETWORK varlab_network_double
#include "varlab_network_table.h"
#undef VARLAB_REAL
#undef VARLAB_NETWORK

// The kernels for one instruction set, which this build must have.
const varlab_network_float *_Nonnull varlab_network_kernels_float(varlab_variant variant);
const varlab_network_double *_Nonnull varlab_network_kernels_double(varlab_variant variant);

// How many numbers the attention kernels' arrays need.
long varlab_attention_probabilities(const varlab_attention *_Nonnull shape);
long varlab_attention_scratch(const varlab_attention *_Nonnull shape);

#endif
