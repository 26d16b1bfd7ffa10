// Included by network.c for each instruction set: the kernels in both precisions.
#define REAL float
#define real_lanes float_lanes
#define real_bits float_bits
#define real_mask float_mask
#define real_exponential exponential_float
#include "network_kernels.h"
#undef REAL
#undef real_lanes
#undef real_bits
#undef real_mask
#undef real_exponential

#define REAL double
#define real_lanes lanes
#define real_bits lane_bits
#define real_mask lane_mask
#define real_exponential exponential_double
#include "network_kernels.h"
#undef REAL
#undef real_lanes
#undef real_bits
#undef real_mask
#undef real_exponential
