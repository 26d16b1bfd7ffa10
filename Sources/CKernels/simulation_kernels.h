// Included by kernels.h: the Monte Carlo kernel.
#include "include/varlab_simulation.h"
#include "gradients.h"

// Up to this step, and at every step when beta2 is so small that only a few gradients count, V_t may leave the range of
// inverse_root (with a probability below 1e-19 a sample; beyond, below 1e-70): there the square root and the division are
// taken instead.
enum { EXACT_STEPS = 4 };
#define EXACT_BELOW_BETA2 0.0625

// A gradient that is exactly zero counts as 2^-100 where V_t would be zero without it: of a law with a density it is an
// accident of rounding. Recorded zeros are what they are: V_t is zero, and psi_t infinite or 1/epsilon.
#define SMALLEST_SQUARE (0x1p-200 * NORMAL_SCALE * NORMAL_SCALE)

// (Sum of a, of b, of c, of d), each as lanes_sum.
typedef double four __attribute__((vector_size(32)));

INLINE four lanes_sums(lanes a, lanes b, lanes c, lanes d) {
#define HALF(x) (__builtin_shufflevector(x, x, 0, 1, 2, 3) + __builtin_shufflevector(x, x, 4, 5, 6, 7))
    four ha = HALF(a), hb = HALF(b), hc = HALF(c), hd = HALF(d);
#undef HALF
    // (x0 + x2, x1 + x3) of two sums.
    four ab = __builtin_shufflevector(ha, hb, 0, 1, 4, 5) + __builtin_shufflevector(ha, hb, 2, 3, 6, 7);
    four cd = __builtin_shufflevector(hc, hd, 0, 1, 4, 5) + __builtin_shufflevector(hc, hd, 2, 3, 6, 7);
    return __builtin_shufflevector(ab, cd, 0, 2, 4, 6) + __builtin_shufflevector(ab, cd, 1, 3, 5, 7);
}

// Two steps of all trajectories for one mean: V_t in square, psi_t/scale - shift in values.
typedef struct {
    lanes squares[2][VECTORS];
    float_lane_bits estimates[2][VECTORS];
    lanes values[2][VECTORS];
} steps;

INLINE void steps_exactly(lanes (*noise)[VECTORS], double mean, double beta2, const double *epsilon, const double *smallest,
                          const double *shift, int vectors, int keeps_zeros, lanes *square, steps *s) {
    for (int half = 0; half < 2; half++)
        for (int v = 0; v < vectors; v++) {
            lanes g = noise[half][v] + mean;
            lanes sum = beta2 * square[v] + g * g;
            if (!keeps_zeros) sum = lanes_select(sum < smallest[half], lanes_of(smallest[half]), sum);
            square[v] = sum;
            lanes value = INVERSE_ROOT_FACTOR / lanes_sqrt(sum);
            if (epsilon) {
                value = value / (1.0 + epsilon[half] * value);
                if (keeps_zeros) value = lanes_select(sum == 0.0, lanes_of(1.0 / epsilon[half]), value);
            }
            s->values[half][v] = value - shift[half];
        }
}

INLINE void steps_fast(lanes (*noise)[VECTORS], double mean, double beta2, const double *epsilon, const double *shift,
                       int vectors, lanes *square, steps *s) {
    const double shift0 = shift[0], shift1 = shift[1];
    for (int v = 0; v < vectors; v++) {
        lanes g0 = noise[0][v] + mean, g1 = noise[1][v] + mean;
        lanes sum0 = beta2 * square[v] + g0 * g0;
        lanes sum1 = beta2 * sum0 + g1 * g1;
        square[v] = sum1;
        s->squares[0][v] = sum0;
        s->estimates[0][v] = inverse_root_argument(sum0);
        s->estimates[1][v] = inverse_root_argument(sum1);
    }
    for (int v = 0; v < vectors; v++) {
        s->estimates[0][v] = inverse_root_estimate(s->estimates[0][v]);
        s->estimates[1][v] = inverse_root_estimate(s->estimates[1][v]);
    }
    if (epsilon) {
        const double epsilon0 = epsilon[0], epsilon1 = epsilon[1];
        for (int v = 0; v < vectors; v++) {
            lanes value0 = inverse_root(s->squares[0][v], s->estimates[0][v]);
            lanes value1 = inverse_root(square[v], s->estimates[1][v]);
            s->values[0][v] = value0 / (1.0 + epsilon0 * value0) - shift0;
            s->values[1][v] = value1 / (1.0 + epsilon1 * value1) - shift1;
        }
    } else {
        for (int v = 0; v < vectors; v++) {
            s->values[0][v] = inverse_root(s->squares[0][v], s->estimates[0][v]) - shift0;
            s->values[1][v] = inverse_root(square[v], s->estimates[1][v]) - shift1;
        }
    }
}

INLINE void add_powers(const lanes *values, int vectors, double *sums) {
    lanes s1 = lanes_of(0.0), s2 = s1, s3 = s1, s4 = s1;
    for (int v = 0; v < vectors; v++) {
        lanes d = values[v], d2 = d * d;
        s1 += d;
        s2 += d2;
        s3 += d2 * d;
        s4 += d2 * d2;
    }
    four total = lanes_sums(s1, s2, s3, s4);
    __builtin_memcpy(sums, &total, sizeof total);
}

// Makes the gradients of steps t + 1 and t + 2 but for their mean of the noise in place. The step means are part of it: what they
// are added to has no other mean.
INLINE void process_next(const varlab_simulation *simulation, int t, int vectors, lanes *previous, lanes (*noise)[VECTORS],
                         double *smallest) {
    const varlab_process *const process = simulation->process;
    for (int half = 0; half < 2 && t + half < simulation->iterations; half++) {
        lanes *const z = noise[half];
        if (process->autocorrelation != 0) {
            const double r = process->autocorrelation, innovation = process->innovation;
            if (t + half > 0)
                for (int v = 0; v < vectors; v++) z[v] = r * previous[v] + innovation * z[v];
            for (int v = 0; v < vectors; v++) previous[v] = z[v];
        }
        if (process->step_scales) {
            const double scale = process->step_scales[t + half];
            smallest[half] = SMALLEST_SQUARE * (scale * scale);
            for (int v = 0; v < vectors; v++) z[v] = z[v] * scale;
        }
        if (process->step_means) {
            const double mean = process->step_means[t + half] * NORMAL_SCALE;
            for (int v = 0; v < vectors; v++) z[v] = z[v] + mean;
        }
    }
}

// The updates of two steps, u - shift, from psi of them; 0 where no gradient was other than 0, the limit for small epsilon.
INLINE void updates(const varlab_momentum *momentum, int t, int steps_count, lanes (*noise)[VECTORS], double mean,
                    const double *psi_shift, const double *shift, int vectors, int keeps_zeros, lanes *sum, const steps *s,
                    lanes (*values)[VECTORS]) {
    for (int half = 0; half < steps_count; half++) {
        const double factor = momentum->factor[t + half] * (1 / NORMAL_SCALE);
        for (int v = 0; v < vectors; v++) {
            sum[v] = momentum->beta1 * sum[v] + (noise[half][v] + mean);
            lanes update = (s->values[half][v] + psi_shift[half]) * (sum[v] * factor);
            if (keeps_zeros) update = lanes_select(update - update == 0.0, update, lanes_of(0.0));
            values[half][v] = update - shift[half];
        }
    }
}

// Their sums, and those of the sample steps themselves.
INLINE void add_updates(const varlab_simulation *simulation, int t, int k, int count, int is_single, lane_mask in_last_vector,
                        const int *next_sample, const double *shift, lanes (*values)[VECTORS], double *sums, double *samples) {
    const int vectors = (count + LANES - 1) / LANES, mean_count = simulation->mean_count;
    const int *const sample_end = simulation->sample_steps + simulation->sample_step_count;
    for (int half = 0; half < 2 - is_single; half++) {
        if (next_sample < sample_end && *next_sample == t + half + 1) {
            double *sample = samples + ((next_sample - simulation->sample_steps) * mean_count + k) * count;
            for (int i = 0; i < count; i++) sample[i] = values[half][i / LANES][i % LANES] + shift[half];
            next_sample++;
        }
        values[half][vectors - 1] = lanes_select(in_last_vector, values[half][vectors - 1], lanes_of(0.0));
        add_powers(values[half], vectors, sums + 4 * ((size_t)(t + half) * (size_t)mean_count + (size_t)k));
    }
}

// fill makes the noise; null for the normal one, then made in line. Whether it is null, and is_plain, which says that there is
// neither process nor momentum, are known when this is compiled.
INLINE void simulate(const varlab_simulation *simulation, uint64_t first, int count, void *workspace, double *sums,
                     double *samples, noise_fill *fill, int is_plain) {
    const int vectors = (count + LANES - 1) / LANES;
    const int mean_count = simulation->mean_count, iterations = simulation->iterations;
    const double beta2 = simulation->beta2;
    const lane_mask in_last_vector = (lane_mask){0, 1, 2, 3, 4, 5, 6, 7} < (int64_t)(count - (vectors - 1) * LANES);
    const int *sample_step = simulation->sample_steps, *sample_end = sample_step + simulation->sample_step_count;
    lanes *const squares = workspace;  // [mean_count][VECTORS]
    for (int i = 0; i < mean_count * VECTORS; i++) squares[i] = lanes_of(0.0);
    const varlab_process *const process = is_plain ? 0 : simulation->process;
    const varlab_momentum *const momentum = is_plain ? 0 : simulation->momentum;
    lanes *const momenta = squares + mean_count * VECTORS;
    if (momentum)
        for (int i = 0; i < mean_count * VECTORS; i++) momenta[i] = lanes_of(0.0);
    double *const update_sums = sums + (size_t)iterations * (size_t)mean_count * 4;
    double *const update_samples = samples + (size_t)simulation->sample_step_count * (size_t)mean_count * (size_t)count;
    lanes previous[VECTORS], update_values[2][VECTORS];
    double smallest[2] = {SMALLEST_SQUARE, SMALLEST_SQUARE};
    noise_source source;
    noise_start(&source, simulation->seed, first, vectors);
    steps now;
    const int keeps_zeros = fill && simulation->gradients.kind == VARLAB_SAMPLES;
    const int always_exactly =
        beta2 < EXACT_BELOW_BETA2 || (fill && simulation->gradients.is_wide) || (process && process->is_wide);

    for (int pair = 0; 2 * pair < iterations; pair++) {
        if (fill)
            fill(&simulation->gradients, &source, (uint64_t)pair, vectors);
        else
            noise_next(&source, (uint64_t)pair, vectors);
        const int t = 2 * pair, is_single = t + 1 == iterations;
        if (process) process_next(simulation, t, vectors, previous, source.noise, smallest);
        const int exactly = t < EXACT_STEPS || always_exactly;
        double epsilon[2] = {0, 0};
        if (simulation->epsilon) {
            epsilon[0] = simulation->epsilon[t];
            epsilon[1] = simulation->epsilon[t + !is_single];
        }
        for (int k = 0; k < mean_count; k++) {
            const double mean = simulation->means[k] * NORMAL_SCALE;
            lanes *const square = squares + k * VECTORS;
            const size_t entry = (size_t)t * (size_t)mean_count + (size_t)k;
            const double shift[2] = {simulation->shift[entry], is_single ? 0.0 : simulation->shift[entry + (size_t)mean_count]};
            if (exactly)
                steps_exactly(source.noise, mean, beta2, simulation->epsilon ? epsilon : 0, smallest, shift, vectors, keeps_zeros,
                              square, &now);
            else if (simulation->epsilon)
                steps_fast(source.noise, mean, beta2, epsilon, shift, vectors, square, &now);
            else
                steps_fast(source.noise, mean, beta2, 0, shift, vectors, square, &now);

            if (momentum) {
                const double update_shift[2] = {momentum->shift[entry], is_single ? 0.0 : momentum->shift[entry + (size_t)mean_count]};
                updates(momentum, t, 2 - is_single, source.noise, mean, shift, update_shift, vectors, keeps_zeros,
                        momenta + k * VECTORS, &now, update_values);
                add_updates(simulation, t, k, count, is_single, in_last_vector, sample_step, update_shift, update_values, update_sums,
                            update_samples);
            }
            const int *next_sample = sample_step;
            for (int half = 0; half < 2 - is_single; half++) {
                if (next_sample < sample_end && *next_sample == t + half + 1) {
                    double *sample = samples + ((next_sample - simulation->sample_steps) * mean_count + k) * count;
                    for (int i = 0; i < count; i++)
                        sample[i] = (now.values[half][i / LANES][i % LANES] + shift[half]) * simulation->scale[t + half];
                    next_sample++;
                }
                now.values[half][vectors - 1] =
                    lanes_select(in_last_vector, now.values[half][vectors - 1], lanes_of(0.0));
                add_powers(now.values[half], vectors, sums + 4 * (entry + (size_t)(half * mean_count)));
            }
        }
        while (sample_step < sample_end && *sample_step <= t + 2) sample_step++;
    }
}

INLINE void noise(const varlab_gradients *gradients, uint64_t seed, uint64_t first, int count, int steps, double *z,
                  noise_fill *fill) {
    const int vectors = (count + LANES - 1) / LANES;
    noise_source source;
    noise_start(&source, seed, first, vectors);
    for (int t = 0; t < steps; t++) {
        if (t % 2 == 0 && fill) fill(gradients, &source, (uint64_t)t / 2, vectors);
        if (t % 2 == 0 && !fill) noise_next(&source, (uint64_t)t / 2, vectors);
        for (int i = 0; i < count; i++)
            z[(size_t)t * (size_t)count + (size_t)i] = source.noise[t & 1][i / LANES][i % LANES] * (1 / NORMAL_SCALE);
    }
}

__attribute__((noinline)) static void fill(const varlab_gradients *gradients, noise_source *source, uint64_t pair, int vectors) {
    gradients_next(gradients, source, pair, vectors);
}

// Independent numbers of the normal law have a loop of their own, into which they are inlined.
static void simulation(const varlab_simulation *simulation, uint64_t first, int count, void *workspace, double *sums,
                       double *samples) {
    if (simulation->process || simulation->momentum)
        simulate(simulation, first, count, workspace, sums, samples, fill, 0);
    else if (simulation->gradients.kind == VARLAB_NORMAL)
        simulate(simulation, first, count, workspace, sums, samples, 0, 1);
    else
        simulate(simulation, first, count, workspace, sums, samples, fill, 1);
}

static void gradient_noise(const varlab_gradients *gradients, uint64_t seed, uint64_t first, int count, int steps, double *z) {
    noise(gradients, seed, first, count, steps, z, gradients->kind == VARLAB_NORMAL ? 0 : fill);
}

static void philox_words(uint64_t seed, uint64_t trajectory, uint64_t pair, uint32_t *words) {
    philox_keys keys;
    philox_schedule(seed, &keys);
    lane_bits a, b;
    philox(philox_trajectories_from(bits_of(trajectory), &keys), philox_pair_from(pair, &keys), &keys, &a, &b);
    words[0] = (uint32_t)(a[0] >> 32), words[1] = (uint32_t)a[0];
    words[2] = (uint32_t)(b[0] >> 32), words[3] = (uint32_t)b[0];
}
