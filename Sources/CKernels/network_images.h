// Included by network_kernels.h: convolution's patches, batch normalization and pooling in the precision REAL.

static void NAME(patches_forward)(long images, long height, long width, long channels, const REAL *x_, REAL *patches_) {
    REAL *patch = patches_;
    const size_t bytes = (size_t)channels * sizeof(REAL);
    for (long n = 0; n < images; n++) {
        const REAL *image = x_ + n * height * width * channels;
        for (long row = 0; row < height; row++)
            for (long column = 0; column < width; column++)
                for (long i = row - 1; i <= row + 1; i++)
                    for (long j = column - 1; j <= column + 1; j++, patch += channels) {
                        if (i >= 0 && i < height && j >= 0 && j < width)
                            __builtin_memcpy(patch, image + (i * width + j) * channels, bytes);
                        else
                            __builtin_memset(patch, 0, bytes);
                    }
    }
}

static void NAME(patches_backward)(long images, long height, long width, long channels, const REAL *d_patches_,
                                   REAL *dx_) {
    const REAL *patch = d_patches_;
    __builtin_memset(dx_, 0, (size_t)(images * height * width * channels) * sizeof(REAL));
    for (long n = 0; n < images; n++) {
        REAL *image = dx_ + n * height * width * channels;
        for (long row = 0; row < height; row++)
            for (long column = 0; column < width; column++)
                for (long i = row - 1; i <= row + 1; i++)
                    for (long j = column - 1; j <= column + 1; j++, patch += channels) {
                        if (!(i >= 0 && i < height && j >= 0 && j < width)) continue;
                        REAL *restrict dx = image + (i * width + j) * channels;
                        const REAL *restrict d = patch;
                        for (long c = 0; c < channels; c++) dx[c] += d[c];
                    }
    }
}

static void NAME(column_moments)(long rows, long width, const REAL *x_, double *restrict mean,
                                 double *restrict variance) {
    for (long c = 0; c < width; c++) mean[c] = variance[c] = 0;
    for (long r = 0; r < rows; r++) {
        const REAL *restrict x = x_ + r * width;
        for (long c = 0; c < width; c++) mean[c] += (double)x[c];
    }
    for (long c = 0; c < width; c++) mean[c] /= (double)rows;
    for (long r = 0; r < rows; r++) {
        const REAL *restrict x = x_ + r * width;
        for (long c = 0; c < width; c++) {
            double d = (double)x[c] - mean[c];
            variance[c] += d * d;
        }
    }
    for (long c = 0; c < width; c++) variance[c] /= (double)rows;
}

static void NAME(batch_norm_forward)(long rows, long width, const REAL *x_, const double *mean, const double *variance,
                                     double epsilon, const REAL *gain_, const REAL *shift_, bool rectify,
                                     REAL *scratch, REAL *normalized_, REAL *y_) {
    const REAL *restrict gain = gain_, *restrict shift = shift_;
    REAL *restrict center = scratch, *restrict scale = center + width;
    for (long c = 0; c < width; c++) {
        center[c] = (REAL)mean[c];
        scale[c] = (REAL)(1 / __builtin_sqrt(variance[c] + epsilon));
    }
    for (long r = 0; r < rows; r++) {
        const REAL *x = x_ + r * width;
        REAL *restrict normalized = normalized_ + r * width;
        REAL *y = y_ + r * width;
        for (long c = 0; c < width; c++) normalized[c] = (x[c] - center[c]) * scale[c];
        if (rectify)
            for (long c = 0; c < width; c++) {
                REAL value = normalized[c] * gain[c] + shift[c];
                y[c] = value > 0 ? value : 0;
            }
        else
            for (long c = 0; c < width; c++) y[c] = normalized[c] * gain[c] + shift[c];
    }
}

static void NAME(batch_norm_backward)(long rows, long width, const REAL *dy_, const double *variance, double epsilon,
                                      const REAL *gain_, const REAL *normalized_, double *restrict sums, REAL *scratch,
                                      REAL *dx_, REAL *d_gain_, REAL *d_shift_) {
    const REAL *restrict gain = gain_;
    REAL *restrict d_gain = d_gain_, *restrict d_shift = d_shift_;
    REAL *restrict mean = scratch, *restrict slope = mean + width;
    for (long c = 0; c < 2 * width; c++) sums[c] = 0;
    for (long r = 0; r < rows; r++) {
        const REAL *restrict dy = dy_ + r * width, *restrict x = normalized_ + r * width;
        for (long c = 0; c < width; c++) sums[c] += (double)dy[c];
        for (long c = 0; c < width; c++) sums[width + c] += (double)dy[c] * (double)x[c];
    }
    for (long c = 0; c < width; c++) {
        d_shift[c] = (REAL)sums[c];
        d_gain[c] = (REAL)sums[width + c];
        mean[c] = (REAL)(sums[c] / (double)rows);
        slope[c] = (REAL)(sums[width + c] / (double)rows);
    }
    // gain/deviation last, in the place of the sums.
    for (long c = 0; c < width; c++) sums[c] = (double)gain[c] / __builtin_sqrt(variance[c] + epsilon);
    for (long r = 0; r < rows; r++) {
        const REAL *dy = dy_ + r * width, *restrict x = normalized_ + r * width;
        REAL *dx = dx_ + r * width;
        for (long c = 0; c < width; c++) dx[c] = (REAL)sums[c] * ((dy[c] - mean[c]) - x[c] * slope[c]);
    }
}

static void NAME(mean_forward)(long groups, long size, long width, const REAL *x_, REAL *y_) {
    const REAL scale = 1 / (REAL)size;
    for (long g = 0; g < groups; g++) {
        REAL *restrict y = y_ + g * width;
        for (long c = 0; c < width; c++) y[c] = 0;
        for (long r = 0; r < size; r++) {
            const REAL *restrict x = x_ + (g * size + r) * width;
            for (long c = 0; c < width; c++) y[c] += x[c];
        }
        for (long c = 0; c < width; c++) y[c] *= scale;
    }
}

static void NAME(mean_backward)(long groups, long size, long width, const REAL *dy_, REAL *dx_) {
    const REAL scale = 1 / (REAL)size;
    for (long g = 0; g < groups; g++) {
        const REAL *restrict dy = dy_ + g * width;
        for (long r = 0; r < size; r++) {
            REAL *restrict dx = dx_ + (g * size + r) * width;
            for (long c = 0; c < width; c++) dx[c] = dy[c] * scale;
        }
    }
}
