// The kernels for every processor; see kernels.h.
#define VARIANT baseline
#include "kernels.h"
