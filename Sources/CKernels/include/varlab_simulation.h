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

// What the gradients are beyond their noise: g_t = step_scale x_t + mean + step_mean, x_t = z_t or an AR(1) of it, x_1 = z_1.
typedef struct {
    double autocorrelation;    // r: x_t = r x_(t-1) + innovation z_t
    double innovation;         // sqrt(1 - r^2)
    const double *step_scales; // [iterations], positive; null for 1
    const double *step_means;  // [iterations], in place of the mean; null for none
    bool is_wide;              // as that of varlab_gradients
} varlab_process;

// The update u_t = m psi_t beside psi_t, with m an exponential average of g.
typedef struct {
    double beta1;
    const double *factor;  // [iterations]: u_t = factor M_t psi_t/scale for M_t = beta1 M_(t-1) + g_t; null where it is not wanted
    const double *shift;   // [iterations][mean_count]: about the mean of u_t; the moments are taken about it
} varlab_momentum;

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
    const varlab_process *process;    // null for independent gradients that are all alike
    const varlab_momentum *momentum;  // null where no update is wanted
} varlab_simulation;

// 1 / (the kernel's V^(-1/2) at V = 1).
double varlab_psi_unit(void);

// 1 - beta2^t for t = 1...count and 0 <= beta2 < 1, within a few ulp also where beta2 is close to 1.
void varlab_bias_correction(double beta2, int count, double *result);

// Bytes of workspace that varlab_simulate needs, aligned to 64.
size_t varlab_simulation_workspace(int mean_count, bool with_momentum);

// Runs trajectories first ..< first + count, 1 <= count <= VARLAB_BLOCK.
// sums [iterations][mean_count][4] becomes the sums of d, d^2, d^3, d^4 with d = psi/scale - shift.
// samples [sample_step_count][mean_count][count] becomes psi itself.
// With a momentum the same follows behind each for the update, with d = u - shift.
void varlab_simulate(varlab_variant variant, const varlab_simulation *simulation, uint64_t first, int count,
                     void *workspace, double *sums, double *samples);

// The noise z_t of trajectories first ..< first + count for t = 1...steps: z [steps][count], count <= VARLAB_BLOCK.
void varlab_noise(varlab_variant variant, const varlab_gradients *gradients, uint64_t seed, uint64_t first, int count,
                  int steps, double *z);

// The four words of Philox4x32-10 with key = seed and counter = (pair low, trajectory high, trajectory low, pair high).
void varlab_philox(varlab_variant variant, uint64_t seed, uint64_t trajectory, uint64_t pair, uint32_t *words);

#endif
