// Included by network_kernels.h: what stands between the convolutions of a residual network in the precision REAL, on eight images side by
// side; see varlab_planes. Of the last eight of a batch some may be missing: their lanes are zero before every convolution.

// Ones in the lanes of the first `images` images.
INLINE real_bits NAME(present)(long images) { return (real_bits)NAME(lanes_below)(images, 0); }

INLINE real_lanes NAME(masked)(real_bits mask, real_lanes x) { return (real_lanes)(mask & (real_bits)x); }

INLINE real_lanes NAME(rectified)(real_lanes x) { return NAME(masked)((real_bits)(x > NAME(broadcast)(0)), x); }

INLINE lanes NAME(in_double)(real_lanes x) { return __builtin_convertvector(x, lanes); }

// Every row of every channel: `channel`, `row`, and the row's first number of each array by AT.
#define EACH_ROW(shape)                                          \
    for (long channel = 0; channel < (shape)->channels; channel++) \
        for (long row = 0; row < (shape)->height; row++)
#define AT(shape, x) ((x) + LANES * (channel * (shape)->plane + row * (shape)->row))

static void NAME(planes_pack)(const varlab_planes *s, long images, const float *pixels, REAL *x) {
    EACH_ROW(s) {
        REAL *to = AT(s, x);
        for (long column = 0; column < s->width; column++)
            for (long image = 0; image < LANES; image++)
                to[LANES * column + image] =
                    image < images ? (REAL)pixels[((image * s->channels + channel) * s->height + row) * s->width + column] : 0;
    }
}

static void NAME(planes_frame)(const varlab_planes *s, REAL *x) {
    for (long channel = 0; channel < s->channels; channel++)
        for (long row = -1; row <= s->height; row++) {
            REAL *to = AT(s, x) - LANES;
            const size_t whole = (size_t)(s->width + 2) * LANES * sizeof(REAL);
            if (row < 0 || row == s->height) {
                __builtin_memset(to, 0, whole);
            } else {
                NAME(store)(to, (real_lanes){});
                NAME(store)(to + LANES * (s->width + 1), (real_lanes){});
            }
        }
}

static void NAME(planes_moments)(const varlab_planes *s, long images, double before, const REAL *z, double *means, double *squares) {
    const real_bits mask = NAME(present)(images);
    const double count = (double)(images * s->height * s->width);
    for (long channel = 0; channel < s->channels; channel++) {
        lanes sum = {};
        for (long row = 0; row < s->height; row++) {
            const REAL *from = AT(s, z);
            real_lanes part = {};
            for (long i = 0; i < LANES * s->width; i += LANES) part += NAME(load)(from + i);
            sum += NAME(in_double)(NAME(masked)(mask, part));
        }
        const double mean = lanes_sum(sum) / count;
        // About a number near the mean, which is the mean in the end.
        const REAL center = (REAL)mean;
        lanes square = {};
        for (long row = 0; row < s->height; row++) {
            const REAL *from = AT(s, z);
            real_lanes part = {};
            for (long i = 0; i < LANES * s->width; i += LANES) {
                real_lanes d = NAME(load)(from + i) - center;
                part += d * d;
            }
            square += NAME(in_double)(NAME(masked)(mask, part));
        }
        const double off = mean - (double)center, total = lanes_sum(square) - count * (off * off);
        // Chan, Golub and LeVeque (1979).
        const double d = mean - means[channel], share = count / (before + count);
        means[channel] += d * share;
        squares[channel] += total + d * d * before * share;
    }
}

// y = (z - center) scale + shift.
#define NORMALIZED(z, k) \
    NAME(multiply_add)((z) - coefficients[k], NAME(broadcast)(coefficients[channels + k]), NAME(broadcast)(coefficients[2 * channels + k]))

static void NAME(planes_norm)(const varlab_planes *s, const varlab_planes *t, long images, const REAL *z, const REAL *coefficients,
                              REAL *y) {
    const real_bits mask = NAME(present)(images);
    const long channels = s->channels;
    EACH_ROW(s) {
        const REAL *from = AT(s, z);
        REAL *to = AT(t, y);
        for (long i = 0; i < LANES * s->width; i += LANES)
            NAME(store)(to + i, NAME(masked)(mask, NAME(rectified)(NORMALIZED(NAME(load)(from + i), channel))));
    }
}

static void NAME(planes_join)(const varlab_planes *s, const varlab_planes *t, const varlab_shortcut *u, long images, const REAL *z,
                              const REAL *coefficients, const REAL *x, const REAL *x_coefficients, REAL *y) {
    const real_bits mask = NAME(present)(images);
    const long channels = s->channels;
    EACH_ROW(s) {
        const REAL *from = AT(s, z), *shortcut = x + LANES * (channel * u->plane + row * u->row);
        REAL *to = AT(t, y);
        const bool exists = channel < u->channels;
        for (long column = 0; column < s->width; column++) {
            real_lanes sum = NORMALIZED(NAME(load)(from + LANES * column), channel);
            if (exists) {
                real_lanes value = NAME(load)(shortcut + LANES * column * u->column);
                if (x_coefficients)
                    value = NAME(multiply_add)(value - x_coefficients[channel], NAME(broadcast)(x_coefficients[channels + channel]),
                                               NAME(broadcast)(x_coefficients[2 * channels + channel]));
                sum += value;
            }
            NAME(store)(to + LANES * column, NAME(masked)(mask, NAME(rectified)(sum)));
        }
    }
}

static void NAME(planes_share)(const varlab_planes *s, const varlab_shortcut *u, const REAL *d, REAL *dx) {
    EACH_ROW(s) {
        if (channel >= u->channels) return;
        const REAL *from = AT(s, d);
        REAL *to = dx + LANES * (channel * u->plane + row * u->row);
        for (long column = 0; column < s->width; column++) {
            REAL *at = to + LANES * column * u->column;
            NAME(store)(at, NAME(load)(at) + NAME(load)(from + LANES * column));
        }
    }
}

static void NAME(planes_rectify)(const varlab_planes *s, const varlab_planes *t, const REAL *y, REAL *d) {
    EACH_ROW(s) {
        const REAL *value = AT(t, y);
        REAL *slope = AT(s, d);
        for (long i = 0; i < LANES * s->width; i += LANES)
            NAME(store)(slope + i, NAME(masked)((real_bits)(NAME(load)(value + i) > NAME(broadcast)(0)), NAME(load)(slope + i)));
    }
}

static void NAME(planes_slopes)(const varlab_planes *s, const REAL *d, const REAL *z, const REAL *coefficients, double *sums) {
    for (long channel = 0; channel < s->channels; channel++) {
        lanes sum = {}, product = {};
        for (long row = 0; row < s->height; row++) {
            const REAL *slope = AT(s, d), *value = AT(s, z);
            real_lanes part = {}, product_part = {};
            for (long i = 0; i < LANES * s->width; i += LANES) {
                real_lanes x = NAME(load)(slope + i);
                part += x;
                product_part = NAME(multiply_add)(x, NAME(load)(value + i) - coefficients[channel], product_part);
            }
            sum += NAME(in_double)(part);
            product += NAME(in_double)(product_part);
        }
        sums[channel] += lanes_sum(sum);
        sums[s->channels + channel] += lanes_sum(product);
    }
}

static void NAME(planes_norm_backward)(const varlab_planes *s, const varlab_planes *t, long images, const REAL *d, const REAL *z,
                                       const REAL *coefficients, REAL *dz) {
    const real_bits mask = NAME(present)(images);
    const REAL *factor = coefficients + 3 * s->channels, *slope = factor + s->channels, *offset = slope + s->channels;
    EACH_ROW(s) {
        const REAL *upstream = AT(s, d), *value = AT(s, z);
        REAL *to = AT(t, dz);
        for (long i = 0; i < LANES * s->width; i += LANES) {
            real_lanes centered = NAME(load)(value + i) - coefficients[channel];
            real_lanes rest = NAME(multiply_add)(centered, NAME(broadcast)(slope[channel]), NAME(broadcast)(offset[channel]));
            NAME(store)(to + i, NAME(masked)(mask, NAME(multiply_add)(NAME(load)(upstream + i), NAME(broadcast)(factor[channel]), rest)));
        }
    }
}

static void NAME(norm_coefficients)(long channels, const double *means, const double *variances, double epsilon, const REAL *gain,
                                    const REAL *shift, REAL *coefficients) {
    for (long k = 0; k < channels; k++) {
        coefficients[k] = (REAL)means[k];
        coefficients[channels + k] = (REAL)((double)gain[k] / __builtin_sqrt(variances[k] + epsilon));
        coefficients[2 * channels + k] = shift[k];
    }
}

static void NAME(norm_slopes)(long channels, double count, const double *variances, double epsilon, const REAL *gain, const double *sums,
                              REAL *coefficients, REAL *d_gain, REAL *d_shift) {
    REAL *factor = coefficients + 3 * channels, *slope = factor + channels, *offset = slope + channels;
    for (long k = 0; k < channels; k++) {
        const double inverse = 1 / __builtin_sqrt(variances[k] + epsilon), scale = (double)gain[k] * inverse;
        d_shift[k] = (REAL)sums[k];
        d_gain[k] = (REAL)(sums[channels + k] * inverse);
        factor[k] = (REAL)scale;
        slope[k] = (REAL)(-scale * (inverse * inverse) * (sums[channels + k] / count));
        offset[k] = (REAL)(-scale * (sums[k] / count));
    }
}

static void NAME(planes_means)(const varlab_planes *s, long images, const REAL *x, REAL *means) {
    const REAL scale = 1 / (REAL)(s->height * s->width);
    for (long channel = 0; channel < s->channels; channel++) {
        real_lanes sum = {};
        for (long row = 0; row < s->height; row++)
            for (long column = 0; column < s->width; column++) sum += NAME(load)(AT(s, x) + LANES * column);
        for (long image = 0; image < images; image++) means[image * s->channels + channel] = sum[image] * scale;
    }
}

static void NAME(planes_means_backward)(const varlab_planes *s, long images, const REAL *d_means, REAL *d) {
    const REAL scale = 1 / (REAL)(s->height * s->width);
    EACH_ROW(s) {
        real_lanes share = {};
        for (long image = 0; image < images; image++) share[image] = d_means[image * s->channels + channel] * scale;
        REAL *to = AT(s, d);
        for (long i = 0; i < LANES * s->width; i += LANES) NAME(store)(to + i, share);
    }
}

#undef EACH_ROW
#undef AT
#undef NORMALIZED
