#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_roots.h>
#include <gsl/gsl_sf_gamma.h>
#include <gsl/gsl_sf_log.h>
#include <gsl/gsl_version.h>

// GSL's globals as functions: Swift cannot see that they never change.
static inline const gsl_root_fsolver_type *varlab_gsl_brent(void) { return gsl_root_fsolver_brent; }
static inline const char *varlab_gsl_version(void) { return gsl_version; }
