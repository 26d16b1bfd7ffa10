// Noise from other laws than the normal one, made from the same counter-based words.
//
// Uniform numbers are u = (k + 1/2) 2^-52 from the low 52 bits of a word, exact, never 0 or 1; a sign is a word's high bit. A
// law that takes one word a step takes the two words of its pair of steps; Student's t takes the two words of the step's
// own number; the mixture takes the normal pair, and its choices from the words of the pair's number plus 2^63.
#ifndef VARLAB_GRADIENTS_FILL_H
#define VARLAB_GRADIENTS_FILL_H

#include "noise.h"

// Fills source->noise with NORMAL_SCALE z of steps 2 pair + 1 and 2 pair + 2. Called for pair = 0, 1, 2, ...
typedef void noise_fill(const varlab_gradients *gradients, noise_source *source, uint64_t pair, int vectors);

INLINE lanes uniform(lane_bits word) {
    return (lanes)((word & MANTISSA) | 0x3ff0000000000000ull) - 0x1.fffffffffffffp-1;
}

INLINE lanes with_sign_of(lanes magnitude, lane_bits word) {
    return (lanes)((lane_bits)magnitude ^ (word & 0x8000000000000000ull));
}

// -ln u, exponential.
INLINE lanes exponential(lane_bits word) { return -lanes_log(uniform(word)); }

// |ln(h/(1-h))| with h = u/2, as ln(1 + 2(1-u)/u): 1-u is exact, and small values keep their digits.
INLINE lanes logistic_magnitude(lane_bits word) {
    lanes u = uniform(word), excess;
    return lanes_log1p(2.0 * (1.0 - u) / u, &excess);
}

INLINE void source_words(noise_source *source, uint64_t number, int vectors) {
    philox_pair pair = philox_pair_from(number, &source->keys);
    for (int v = 0; v < vectors; v++)
        philox(source->trajectories[v], pair, &source->keys, &source->words[0][v], &source->words[1][v]);
}

// sqrt(U^(-2/nu) - 1) cos(2 pi V): Student's t over sqrt nu, exact for every nu > 0 (R. W. Bailey, "Polar generation of random
// variates with the t-distribution", Mathematics of Computation 62, 1994). The sine's product is not independent of it, so
// that each step takes words of its own.
INLINE void student_t_next(const varlab_gradients *gradients, noise_source *source, uint64_t pair, int vectors) {
    const double factor = gradients->scale * NORMAL_SCALE, exponent = 2.0 / gradients->degrees_of_freedom;
    for (int half = 0; half < 2; half++) {
        lanes *const z = source->noise[half];
        source_words(source, 2 * pair + (uint64_t)half, vectors);
        for (int v = 0; v < vectors; v++) z[v] = exponential(source->words[0][v]);
        for (int v = 0; v < vectors; v++) z[v] = lanes_expm1(exponent * z[v]);
        for (int v = 0; v < vectors; v++) {
            lanes cosine, sine;
            normal_direction(source->words[1][v], &cosine, &sine);
            z[v] = lanes_sqrt(z[v]) * (cosine * factor);
        }
    }
}

INLINE void mixture_next(const varlab_gradients *gradients, noise_source *source, uint64_t pair, int vectors) {
    const double share = gradients->share;
    const lanes wide = lanes_of(gradients->wide_scale), narrow = lanes_of(gradients->scale);
    noise_next(source, pair, vectors);
    source_words(source, pair | 1ull << 63, vectors);
    for (int half = 0; half < 2; half++)
        for (int v = 0; v < vectors; v++) {
            lane_mask is_wide = uniform(source->words[half][v]) < share;
            source->noise[half][v] = source->noise[half][v] * lanes_select(is_wide, wide, narrow);
        }
}

// Blocks of consecutive values of one series, around its end: every value is as likely as any other (Politis and Romano, "A
// circular block-resampling procedure for stationary data", 1992).
INLINE void samples_next(const varlab_gradients *gradients, noise_source *source, uint64_t pair, int vectors) {
    const uint64_t count = gradients->sample_count, series = gradients->series_length, length = gradients->block_length;
    const double *const samples = gradients->samples;
    for (int half = 0; half < 2; half++) {
        const uint64_t step = 2 * pair + (uint64_t)half, block = step / length;
        const int starts = step % length == 0;
        if (starts) {
            source_words(source, block / 2, vectors);
            for (int v = 0; v < vectors; v++) {
                lanes place = uniform(source->words[block % 2][v]) * (double)count;
                for (int j = 0; j < LANES; j++) {
                    uint64_t position = (uint64_t)place[j];
                    position = position < count ? position : count - 1;
                    source->positions[v * LANES + j] = position;
                    source->ends[v * LANES + j] = length > 1 ? (position / series + 1) * series : 0;
                }
            }
        } else {
            for (int i = 0; i < vectors * LANES; i++) {
                uint64_t next = source->positions[i] + 1;
                source->positions[i] = next == source->ends[i] ? next - series : next;
            }
        }
        for (int v = 0; v < vectors; v++) {
            lanes z;
            for (int j = 0; j < LANES; j++) z[j] = samples[source->positions[v * LANES + j]];
            source->noise[half][v] = z * NORMAL_SCALE;
        }
    }
}

INLINE void gradients_next(const varlab_gradients *gradients, noise_source *source, uint64_t pair, int vectors) {
    const double factor = gradients->scale * NORMAL_SCALE;
#define EACH(value)                                  \
    source_words(source, pair, vectors);             \
    for (int half = 0; half < 2; half++)             \
        for (int v = 0; v < vectors; v++) {          \
            lane_bits word = source->words[half][v]; \
            source->noise[half][v] = (value);        \
        }                                            \
    return;
    switch (gradients->kind) {
    case VARLAB_NORMAL:
        return noise_next(source, pair, vectors);
    case VARLAB_UNIFORM:
        EACH((uniform(word) - 0.5) * factor)
    case VARLAB_LAPLACE:
        EACH(with_sign_of(exponential(word) * factor, word))
    case VARLAB_LOGISTIC:
        EACH(with_sign_of(logistic_magnitude(word) * factor, word))
    case VARLAB_STUDENT_T:
        return student_t_next(gradients, source, pair, vectors);
    case VARLAB_MIXTURE:
        return mixture_next(gradients, source, pair, vectors);
    case VARLAB_SAMPLES:
        return samples_next(gradients, source, pair, vectors);
    }
#undef EACH
}

#endif
