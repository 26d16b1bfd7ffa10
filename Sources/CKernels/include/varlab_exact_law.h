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
    double *log_excess;        // sum x - ln(1+x)
    double *log_excess_lost;
    double *shift;             // sum x/(1+x)
    double *shift_lost;
    double *shift_excess;      // sum x^2/(1+x)
    double *shift_excess_lost;
    double *momentum;          // sum beta1^(2k)/(1+x), or NULL; with it only the first sum is kept beside it
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

#endif
