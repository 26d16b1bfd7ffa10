// Made by Scripts/normal_coefficients.py; do not edit.
#ifndef VARLAB_NORMAL_COEFFICIENTS_H
#define VARLAB_NORMAL_COEFFICIENTS_H

// log((1+s)/(1-s)) = s p(s^2), |s| <= (sqrt 2 - 1)/(sqrt 2 + 1); relative error 4.3e-12.
static const double normal_log_polynomial[] = {
    0x1.00000000049e7p+1,
    0x1.555554daee41ep-1,
    0x1.999a9c8a467fap-2,
    0x1.2432ba683936ep-2,
    0x1.e3b159cf31211p-3,
};

// sin(pi x/2) = x p(x^2), |x| <= 1/2; relative error 4.8e-12.
static const double normal_sin_polynomial[] = {
    0x1.921fb5443b587p+0,
    -0x1.4abbce56ae6e6p-1,
    0x1.466bbac8a54e8p-4,
    -0x1.32ca9d79fc665p-8,
    0x1.4bc85ccb213adp-13,
};

// cos(pi x/2) = p(x^2), |x| <= 1/2; relative error 7.8e-14.
static const double normal_cos_polynomial[] = {
    0x1.ffffffffffe0bp-1,
    -0x1.3bd3cc9bd2c35p+0,
    0x1.03c1f074ded21p-2,
    -0x1.55d3ba300cd50p-6,
    0x1.e1e7ccccb387ap-11,
    -0x1.a0ee132c60c1fp-16,
};

#endif
