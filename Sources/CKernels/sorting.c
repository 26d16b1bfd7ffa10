#include "include/varlab_series.h"

#define JOIN_TOKENS(a, b) a##_##b
#define JOIN(a, b) JOIN_TOKENS(a, b)
#define FUNCTION(name) JOIN(name, REAL)

typedef uint32_t single_key __attribute__((may_alias));
typedef uint64_t double_key __attribute__((may_alias));

// Fewer are sorted by insertion.
#define SHORTEST 64
#define DIGIT_BITS 11
#define PLACES (1 << DIGIT_BITS)

#define REAL float
#define KEY single_key
#define DIGITS 3
#include "sorting.h"
#undef REAL
#undef KEY
#undef DIGITS

#define REAL double
#define KEY double_key
#define DIGITS 6
#include "sorting.h"
