// Kernels that a default Swift build cannot make fast enough (see lanes.h). Swift stays in charge: it validates,
// allocates, schedules and merges; nothing here allocates, throws or keeps state.
#ifndef VARLAB_CKERNELS_H
#define VARLAB_CKERNELS_H

#include "varlab_checkpoint.h"
#include "varlab_decimal.h"
#include "varlab_elementary.h"
#include "varlab_exact_law.h"
#include "varlab_gradients.h"
#include "varlab_network.h"
#include "varlab_series.h"
#include "varlab_variant.h"
#include "varlab_simulation.h"
#include "varlab_transform.h"
#include "varlab_update.h"

#endif
