#include "include/varlab_elementary.h"
#include "lanes.h"

double varlab_exp(double x) { return lanes_exp(lanes_of(x))[0]; }
double varlab_expm1(double x) { return lanes_expm1(lanes_of(x))[0]; }
double varlab_log(double x) { return lanes_log(lanes_of(x))[0]; }

double varlab_log1p(double x) {
    lanes excess;
    return lanes_log1p(lanes_of(x), &excess)[0];
}
