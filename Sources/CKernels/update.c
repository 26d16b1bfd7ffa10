// The bodies of update_body.h for both precisions, and the choice of one by the buffers and the instruction set.
#include "include/varlab_update.h"
#include "lanes.h"
#include "variants.h"

#define REAL float
#define NAMED(name) name##_float
#include "update_body.h"
#undef REAL
#undef NAMED

#define REAL double
#define NAMED(name) name##_double
#include "update_body.h"
