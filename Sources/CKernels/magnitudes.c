#include <string.h>
#include "include/varlab_series.h"

// Four tables of counts in turn: neighbouring numbers are often of one class, whose count would be waited for.
#define COUNT(real, bits_type)                                                                                        \
    const bits_type sign = (bits_type)1 << (8 * sizeof(bits_type) - 1);                                               \
    const bits_type first = (bits_type)cells.first, last = (bits_type)cells.last;                                     \
    for (size_t i = 0; i < count; i++) {                                                                              \
        bits_type bits;                                                                                               \
        memcpy(&bits, values + i, sizeof bits);                                                                       \
        bits &= ~sign;                                                                                                \
        bits_type cell = bits >> cells.shift;                                                                         \
        cell = cell < first ? first : cell;                                                                           \
        cell = cell > last ? last : cell;                                                                             \
        uint32_t class = cells.classes[cell - first];                                                                 \
        class += bits >= thresholds[class + 1];                                                                       \
        counts[(i & 3) * cells.count + class]++;                                                                      \
    }

void varlab_count_magnitudes_float(const float *values, size_t count, varlab_magnitude_cells cells, const uint32_t *thresholds,
                                   uint32_t *counts) {
    COUNT(float, uint32_t)
}

void varlab_count_magnitudes_double(const double *values, size_t count, varlab_magnitude_cells cells, const uint64_t *thresholds,
                                    uint32_t *counts) {
    COUNT(double, uint64_t)
}
