// Made by Scripts/kernel_coefficients.py; do not edit.
#ifndef VARLAB_COEFFICIENTS_H
#define VARLAB_COEFFICIENTS_H

// log((1+s)/(1-s)) = 2s + s z p(z), z = s^2, |s| <= (sqrt 2 - 1)/(sqrt 2 + 1); relative error 5.3e-19.
static const double log_polynomial[] = {
    0x1.5555555555555p-1,
    0x1.9999999999a39p-2,
    0x1.2492492476a1ap-2,
    0x1.c71c7201a55d7p-3,
    0x1.745cf8e4bba19p-3,
    0x1.3b1c3c1c81ce2p-3,
    0x1.0fbde0f4aca24p-3,
    0x1.0c0aff044ebe3p-3,
};

// expm1(r) = r + r^2 p(r), |r| <= ln(2)/2; relative error 8.1e-19.
static const double expm1_polynomial[] = {
    0x1.0000000000000p-1,
    0x1.5555555555557p-3,
    0x1.5555555555556p-5,
    0x1.11111111100bep-7,
    0x1.6c16c16c162c3p-10,
    0x1.a01a01abf85abp-13,
    0x1.a01a01a6e1e2ap-16,
    0x1.71de01fdbf9cap-19,
    0x1.27e4db46cddd1p-22,
    0x1.af4e554377204p-26,
    0x1.1f7340dbc337ep-29,
};

// sin x = x + x z p(z), z = x^2, 0 <= x <= pi/4; relative error 2.0e-17.
static const double sin_polynomial[] = {
    -0x1.5555555555555p-3,
    0x1.1111111110bb2p-7,
    -0x1.a01a019e83aaep-13,
    0x1.71de37968a100p-19,
    -0x1.ae600b02b6261p-26,
    0x1.5e0b19f8b13f9p-33,
};

// cos x = 1 + z p(z), z = x^2, 0 <= x <= pi/4; relative error 5.8e-19.
static const double cos_polynomial[] = {
    -0x1.0000000000000p-1,
    0x1.5555555555551p-5,
    -0x1.6c16c16c15d79p-10,
    0x1.a01a019de131fp-16,
    -0x1.27e4f8e4a2e74p-22,
    0x1.1eea7f259b343p-29,
    -0x1.8ff9d439a1fe3p-37,
};

#endif
