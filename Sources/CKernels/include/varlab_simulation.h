// The Monte Carlo kernel: many trajectories of v_t = beta2 v_(t-1) + (1-beta2) g_t^2 with g_t = z_t + mean, for several means
// on the same noise z. It keeps V_t = v_t / (1-beta2), and sums powers of psi_t in a unit of its own; see scale below.
#ifndef VARLAB_SIMULATION_H
#define VARLAB_SIMULATION_H

#include <stddef.h>
#include <stdint.h>
#include "varlab_gradients.h"
#include "varlab_variant.h"

// The most trajectories of one call.
enum { VARLAB_BLOCK = 256 };

// What all blocks of one simulation share.
typedef struct {
    uint64_t seed;
    double beta2;
    const double *means;  // [mean_count]
    int mean_count;
    int iterations;
    const double *scale;    // [iterations]: psi_t in units of the kernel's V_t^(-1/2), varlab_psi_unit times sqrt(V_t / vhat_t)
    const double *epsilon;  // [iterations]: epsilon * scale; null where epsilon is 0
    const double *shift;    // [iterations][mean_count]: about the mean of psi_t / scale; the moments are taken about it
    const int *sample_steps;  // ascending, in 1...iterations
    int sample_step_count;
    varlab_gradients gradients;
} varlab_simulation;

// 1 / (the kernel's V^(-1/2) at V = 1).
double varlab_psi_unit(void);

// 1 - beta2^t for t = 1...count and 0 <= beta2 < 1, within a few ulp also where beta2 is close to 1.
void varlab_bias_correction(double beta2, int count, double *result);

// Bytes of workspace that varlab_simulate needs, aligned to 64.
size_t varlab_simulation_workspace(int mean_count);

// Runs trajectories first ..< first + count, 1 <= count <= VARLAB_BLOCK.
// sums [iterations][mean_count][4] becomes the sums of d, d^2, d^3, d^4 with d = psi/scale - shift.
// samples [sample_step_count][mean_count][count] becomes psi itself.
void varlab_simulate(varlab_variant variant, const varlab_simulation *simulation, uint64_t first, int count,
                     void *workspace, double *sums, double *samples);

// The noise z_t of trajectories first ..< first + count for t = 1...steps: z [steps][count], count <= VARLAB_BLOCK.
void varlab_noise(varlab_variant variant, const varlab_gradients *gradients, uint64_t seed, uint64_t first, int count,
                  int steps, double *z);

// The four words of Philox4x32-10 with key = seed and counter = (pair low, trajectory high, trajectory low, pair high).
void varlab_philox(varlab_variant variant, uint64_t seed, uint64_t trajectory, uint64_t pair, uint32_t *words);

#endif
