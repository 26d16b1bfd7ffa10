// The size of an update in double precision, from the averages after the step, as update_kernels.h makes it before it is subtracted. The sum is taken in
// eight lanes, in an order that depends on the count alone.
#include "lanes.h"

INLINE lanes lanes_of_floats(const float *values) {
    float_lanes x;
    __builtin_memcpy(&x, values, sizeof x);
    return __builtin_convertvector(x, lanes);
}

INLINE lanes updates_of(const varlab_update *update, bool has_momentum, const float *theta, const float *g, const float *m, const float *v, const float *a) {
    const lanes parameter = lanes_of_floats(theta);
    lanes step = lanes_of(0);
    if (update->gradient_step != 0)
        step = update->gradient_step * (update->gradient_scale * lanes_of_floats(g) + update->coupled_decay * parameter);
    if (has_momentum) step += update->momentum_step * lanes_of_floats(m);
    if (update->rule == VARLAB_ADAPTIVE && !update->normalises_first) {
        lanes square = lanes_of_floats(v);
        if (a) {
            const lanes average = lanes_of_floats(a);
            square -= average * average;
            square = lanes_select(square < 0, lanes_of(0), square);
        }
        const lanes divisor = lanes_sqrt(square / update->bias_correction + update->inner_epsilon) + update->epsilon;
        step = lanes_select(step == 0, step, step / divisor);
    }
    return step + (1 - update->parameter_scale) * parameter;
}

static double update_size(
    const varlab_update *update, size_t count, const float *theta, const float *g, const float *m, const float *v, const float *a) {
    if (update->rule == VARLAB_HOLD) return 0;
    const bool has_momentum = m && update->momentum_step != 0;
    lanes sum = lanes_of(0);
    size_t i = 0;
    for (; i + LANES <= count; i += LANES) {
        const lanes u = updates_of(update, has_momentum, theta + i, g + i, m ? m + i : 0, v ? v + i : 0, a ? a + i : 0);
        sum += u * u;
    }
    if (i < count) {
        // Beyond the last one: no parameter, no gradient, and a second moment that 0 can be divided by.
        float rest[5][LANES] = {{0}, {0}, {0}, {1, 1, 1, 1, 1, 1, 1, 1}, {0}};
        const float *const buffers[5] = {theta, g, m, v, a};
        for (int k = 0; k < 5; k++)
            if (buffers[k]) __builtin_memcpy(rest[k], buffers[k] + i, (count - i) * sizeof(float));
        const lanes u = updates_of(update, has_momentum, rest[0], rest[1], rest[2], rest[3], a ? rest[4] : 0);
        sum += u * u;
    }
    return lanes_sum(sum);
}
