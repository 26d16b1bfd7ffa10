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

// Eight images side by side, one in each lane: pixel (row, column) of a channel is the vector of eight numbers at
// channel plane + row row_length + column. Distances are counted in vectors, and an array begins at pixel (0, 0) of
// channel 0; a frame of zeros around the images stands before and between them.
typedef struct {
    long channels, height, width;
    long row, plane;
} varlab_planes;

// Which pixel of a block's input its shortcut takes for pixel (row, column) of an output channel: the vector at channel plane + row
// `row` + column `column`, and zero from `channels` on.
typedef struct {
    long channels;
    long row, column, plane;
} varlab_shortcut;

// What a convolution computes, for `height` x `width` pixels of every output: the sum over inputs and taps of weight times the input
// at input_plane input + input_row row + input_column column + tap. Distances are counted in vectors. With `add` the
// result is added to what is there.
typedef struct {
    long outputs, inputs, height, width, taps;
    long tap[9];
    long input_row, input_column, input_plane;
    long output_row, output_column, output_plane;
    bool add;
} varlab_convolution;

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
