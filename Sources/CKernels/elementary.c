#include "include/varlab_elementary.h"
#include "include/varlab_series.h"
#include "lanes.h"
#include "normal_tails.h"

double varlab_exp(double x) { return lanes_exp(lanes_of(x))[0]; }
double varlab_expm1(double x) { return lanes_expm1(lanes_of(x))[0]; }
double varlab_log(double x) { return lanes_log(lanes_of(x))[0]; }

double varlab_log1p(double x) {
    lanes excess;
    return lanes_log1p(lanes_of(x), &excess)[0];
}

void varlab_normal_tails(double z, double *below, double *above) {
    lanes one, other;
    normal_tails(lanes_of(z), &one, &other);
    *below = one[0];
    *above = other[0];
}
