#ifndef VARLAB_EXACT_LAW_H
#define VARLAB_EXACT_LAW_H

#include <stddef.h>
#include "varlab_variant.h"

// The Laplace transform of the exponential average on a fixed grid of nodes a, as sums over k that grow by one term a
// step (x = a beta2^k). Every array has `varlab_exact_law_stride` times as many doubles as there are groups of nodes.
typedef struct {
    const double *nodes;
    // Each sum with the compensation of its rounding (Neumaier) behind it.
    double *log_factor;        // sum ln(1+x)
    double *log_factor_lost;
    double *log_excess;        // sum x - ln(1+x); NULL where only the first sum and the momentum are kept
    double *log_excess_lost;
    double *shift;             // sum x/(1+x)
    double *shift_lost;
    double *shift_excess;      // sum x^2/(1+x)
    double *shift_excess_lost;
    double *momentum;          // sum beta1^(2k)/(1+x), or NULL
    double *momentum_lost;
} varlab_exact_law_sums;

// Nodes in one group; counts and offsets below are in groups.
enum { varlab_exact_law_stride = 8 };

// Adds weight times the term with decay = beta2^k, momentum_decay = beta1^(2k) to the groups [0, count).
void varlab_exact_law_advance(varlab_variant variant, varlab_exact_law_sums sums, size_t count, double weight,
                              double decay, double momentum_decay);

// Over the groups [first, last): D = M(s) - e^(-s m), m = 1 + mu^2, and
// integrals[0] = sum first_weight D, integrals[1] = sum second_weight D.
// Returns the largest share that one node of the last group has in either of the first two, for trimming the grid.
double varlab_exact_law_integrate(varlab_variant variant, varlab_exact_law_sums sums, size_t first, size_t last,
                                  double mean_squared, const double *first_weight, const double *second_weight,
                                  double integrals[2]);

// Over the groups [first, last): sum weight M(s) momentum at mu = 0.
double varlab_exact_law_integrate_momentum(varlab_variant variant, varlab_exact_law_sums sums, size_t first, size_t last,
                                           const double *weight);

// The sums that the mean of the update needs besides, likewise.
typedef struct {
    double *kept;       // sum beta1^k/(1+x)
    double *kept_lost;
    double *shrinkage;  // sum beta1^k x/(1+x)
    double *shrinkage_lost;
} varlab_update_law_sums;

// Adds a term to them in the groups [0, count), with momentum_decay = beta1^k.
void varlab_update_law_advance(varlab_variant variant, const double *nodes, varlab_update_law_sums sums, size_t count, double decay,
                               double momentum_decay);

// The moments of the update over the groups [first, last), with K = momentum_weight kept, B = momentum_weight^2 sums.momentum and
// P = e^(-s m)/M: integrals[0] = sum first_weight M (K - P) and integrals[1] = sum second_weight M (B + mu^2 (K^2 - P)).
// Returns the largest share that one node of the last group has in either of them.
double varlab_update_law_integrate(varlab_variant variant, varlab_exact_law_sums sums, varlab_update_law_sums momentum, size_t first,
                                   size_t last, double mean_squared, double momentum_weight, const double *first_weight,
                                   const double *second_weight, double integrals[2]);

// What e^(-s v) makes of AR(1) gradients, at eight s at once: Kalman's filter over the gradients from the oldest on, with the weights of each
// in the averages of g and g^2. The mean counts as 1 where squared_mean is not 0; where it is, the excess is
// a difference, and shortfall and kept are 0 and 1.
typedef struct {
    double log_transform[8];      // ln M
    double excess[8];             // ln M + s E[v]
    double shortfall[8];          // 1 - (mean of m)/mu
    double momentum_variance[8];  // the variance of m
    double kept[8];               // (mean of m)/mu, by terms that are small where it is
} varlab_correlated_nodes;

void varlab_correlated_update(varlab_variant variant, const double *momentum_weights, const double *square_weights, size_t count,
                              double autocorrelation, double squared_mean, const double s[8], varlab_correlated_nodes *nodes);

// Sum ln(1 + s w_k) and, over the first momentum_groups, sum a_k/(1 + s w_k), of groups of eight weights each; s w_k up to 1e72 counts.
void varlab_scaled_update(varlab_variant variant, const double *square_weights, size_t groups, const double *momentum_weights,
                          size_t momentum_groups, double s, double *logarithm, double *variance);

#endif
