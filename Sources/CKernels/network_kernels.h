// Included by kernels.h for each precision, with REAL and what belongs to it defined: what a network computes besides matrix products.

#define NETWORK_TABLE JOIN(varlab_network, REAL)

#include "network_vectors.h"

#include "network_layers.h"

#include "network_attention.h"

#include "network_images.h"

#include "network_convolution.h"

#include "network_planes.h"

static const NETWORK_TABLE NAME(network) = {
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
    .convolve = NAME(convolve),
    .convolve_pack = NAME(convolve_pack),
    .convolve_weights = NAME(convolve_weights),
    .lane_sums = NAME(lane_sums),
    .planes_pack = NAME(planes_pack),
    .planes_frame = NAME(planes_frame),
    .planes_moments = NAME(planes_moments),
    .planes_norm = NAME(planes_norm),
    .planes_join = NAME(planes_join),
    .planes_share = NAME(planes_share),
    .planes_rectify = NAME(planes_rectify),
    .planes_slopes = NAME(planes_slopes),
    .planes_norm_backward = NAME(planes_norm_backward),
    .norm_coefficients = NAME(norm_coefficients),
    .norm_slopes = NAME(norm_slopes),
    .planes_means = NAME(planes_means),
    .planes_means_backward = NAME(planes_means_backward),
    .exponential = NAME(exponential),
};

#undef NETWORK_TABLE
