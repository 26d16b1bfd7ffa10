// The Fortran interface: GSL brings a CBLAS of its own, and which `cblas_sgemm` a program gets would depend on the order in
// which the two libraries are linked. The `sgemm_` of this library is the only one.
#include <stdint.h>

void sgemm_(
    const char *transposeA, const char *transposeB, const int *m, const int *n, const int *k, const float *alpha,
    const float *a, const int *leadingA, const float *b, const int *leadingB, const float *beta, float *c,
    const int *leadingC);
void dgemm_(
    const char *transposeA, const char *transposeB, const int *m, const int *n, const int *k, const double *alpha,
    const double *a, const int *leadingA, const double *b, const int *leadingB, const double *beta, double *c,
    const int *leadingC);

void openblas_set_num_threads(int count);
char *openblas_get_corename(void);
