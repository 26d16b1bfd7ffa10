// Included once for each precision, with REAL, KEY (whole numbers of that size), DIGITS and FUNCTION(name) defined: sorting by the digits of the bits
// (a radix sort, the last digit first), several times as fast as by comparisons.

// Whole numbers in the order of the values: all bits of a negative number are turned, of others the sign.
static inline KEY FUNCTION(key)(REAL value) {
    KEY bits;
    __builtin_memcpy(&bits, &value, sizeof bits);
    const KEY sign = (KEY)1 << (8 * sizeof bits - 1);
    return bits ^ ((bits & sign) ? ~(KEY)0 : sign);
}

static inline REAL FUNCTION(value)(KEY key) {
    const KEY sign = (KEY)1 << (8 * sizeof key - 1);
    const KEY bits = key ^ ((key & sign) ? sign : ~(KEY)0);
    REAL value;
    __builtin_memcpy(&value, &bits, sizeof value);
    return value;
}

static void FUNCTION(insertion)(KEY *keys, size_t count) {
    for (size_t i = 1; i < count; i++) {
        const KEY key = keys[i];
        size_t j = i;
        for (; j > 0 && keys[j - 1] > key; j--) keys[j] = keys[j - 1];
        keys[j] = key;
    }
}

void FUNCTION(varlab_sort_series)(const REAL *series, size_t steps, REAL *sorted, REAL *spare) {
    KEY *keys = (KEY *)sorted, *others = (KEY *)spare;
    if (steps < SHORTEST) {
        for (size_t i = 0; i < steps; i++) keys[i] = FUNCTION(key)(series[i]);
        FUNCTION(insertion)(keys, steps);
        for (size_t i = 0; i < steps; i++) sorted[i] = FUNCTION(value)(keys[i]);
        return;
    }
    uint32_t counts[DIGITS][PLACES];
    __builtin_memset(counts, 0, sizeof counts);
    for (size_t i = 0; i < steps; i++) {
        const KEY key = FUNCTION(key)(series[i]);
        keys[i] = key;
        for (int digit = 0; digit < DIGITS; digit++) counts[digit][(key >> (DIGIT_BITS * digit)) & (PLACES - 1)]++;
    }
    for (int digit = 0; digit < DIGITS; digit++) {
        const int shift = DIGIT_BITS * digit;
        uint32_t *places = counts[digit];
        // Single precision in doubles leaves the last digits empty.
        if (places[(keys[0] >> shift) & (PLACES - 1)] == steps) continue;
        uint32_t start = 0;
        for (int i = 0; i < PLACES; i++) {
            const uint32_t count = places[i];
            places[i] = start;
            start += count;
        }
        for (size_t i = 0; i < steps; i++) others[places[(keys[i] >> shift) & (PLACES - 1)]++] = keys[i];
        KEY *swap = keys;
        keys = others;
        others = swap;
    }
    for (size_t i = 0; i < steps; i++) sorted[i] = FUNCTION(value)(keys[i]);
}
