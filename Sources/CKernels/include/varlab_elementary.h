#ifndef VARLAB_ELEMENTARY_H
#define VARLAB_ELEMENTARY_H

// One value at a time of the kernels' own elementary functions: the same bits on every processor, within 2 ulp.

// e^x; 0 below -708.
double varlab_exp(double x);
// e^x - 1.
double varlab_expm1(double x);
// ln x for positive normal x.
double varlab_log(double x);
// ln(1+x) for x >= 0, and -ln(1-x) is varlab_log1p(x/(1-x)).
double varlab_log1p(double x);

#endif
