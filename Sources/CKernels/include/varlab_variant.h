#ifndef VARLAB_VARIANT_H
#define VARLAB_VARIANT_H

#include <stdbool.h>

// The same arithmetic compiled for several instruction sets. All give the same bits.
typedef enum {
    VARLAB_BASELINE = 0,
    VARLAB_AVX2 = 1,    // x86-64-v3
    VARLAB_AVX512 = 2,  // x86-64-v4
} varlab_variant;

// Whether this build has the variant and this processor can run it.
bool varlab_variant_is_available(varlab_variant variant);

// The widest available variant.
varlab_variant varlab_best_variant(void);

#endif
