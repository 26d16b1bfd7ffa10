/* The header is the target; that it suits a C compiler is checked here. */
#include "varlab.h"

_Static_assert(sizeof(varlab_call) == 24, "the layout that callers outside of C rely on");
_Static_assert(sizeof(varlab_process) == 96, "the layout that callers outside of C rely on");
_Static_assert(sizeof(varlab_optimizer_settings) == 56, "the layout that callers outside of C rely on");
_Static_assert(sizeof(varlab_step) == 40, "the layout that callers outside of C rely on");
