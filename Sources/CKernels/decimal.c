// Decimal numbers by D. Lemire's algorithm ("Number parsing at a gigabyte per second", Software: Practice and Experience 51, 2021): the significand times a
// power of five of 128 bits settles the nearest double. More than 19 digits are left to the C library.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "include/varlab_decimal.h"
#include "powers_of_five.h"

#define FRACTION_BITS 52

static double from_bits(uint64_t fraction, int64_t exponent) {
    const uint64_t bits = fraction | (uint64_t)exponent << FRACTION_BITS;
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

// significand * 10^power for a significand that is not 0.
static double nearest(uint64_t significand, int64_t power) {
    if (power < SMALLEST_POWER) return 0;
    if (power > LARGEST_POWER) return __builtin_inf();
    const int zeros = __builtin_clzll(significand);
    const uint64_t *five = powers_of_five[power - SMALLEST_POWER];
    significand <<= zeros;
    unsigned __int128 product = (unsigned __int128)significand * five[0];
    uint64_t high = (uint64_t)(product >> 64), low = (uint64_t)product;
    // Where the bits that round are all set, the next 64 bits decide.
    if ((high & (~(uint64_t)0 >> (FRACTION_BITS + 3))) == ~(uint64_t)0 >> (FRACTION_BITS + 3)) {
        const uint64_t carried = (uint64_t)((unsigned __int128)significand * five[1] >> 64);
        low += carried;
        if (carried > low) high++;
    }
    const int upper = (int)(high >> 63), shift = upper + 64 - FRACTION_BITS - 3;
    uint64_t fraction = high >> shift;
    // floor(log2(10^power)) + 63, by a fraction that is near enough.
    int64_t exponent = ((217706 * power) >> 16) + 63 + upper - zeros + 1023;
    if (exponent <= 0) {
        if (1 - exponent >= 64) return 0;
        fraction >>= 1 - exponent;
        fraction = (fraction + (fraction & 1)) >> 1;
        return from_bits(fraction, 0);  // the first normal number too: its leading bit is in the exponent's place
    }
    // Exactly between two doubles, which small powers alone can be: to the even one.
    if (low <= 1 && power >= -4 && power <= 23 && (fraction & 3) == 1 && fraction << shift == high) fraction &= ~(uint64_t)1;
    fraction = (fraction + (fraction & 1)) >> 1;
    if (fraction >= (uint64_t)2 << FRACTION_BITS) {
        fraction = (uint64_t)1 << FRACTION_BITS;
        exponent++;
    }
    if (exponent >= 0x7ff) return __builtin_inf();
    return from_bits(fraction & ~((uint64_t)1 << FRACTION_BITS), exponent);
}

static const double powers_of_ten[] = {1,    1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                       1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

static bool is_digit(char c) { return (unsigned char)(c - '0') < 10; }

// Whether the letters of a word, in any case, and nothing else are there.
static bool is_word(const char *text, const char *end, const char *word) {
    for (; *word; word++, text++)
        if (text == end || (*text | 0x20) != *word) return false;
    return text == end;
}

// A number from `text` on; returns where it ends, or NULL.
static const char *parse(const char *text, const char *end, double *value) {
    const char *at = text;
    const bool is_negative = at < end && *at == '-';
    if (at < end && (*at == '-' || *at == '+')) at++;
    const char *first = at;
    uint64_t significand = 0;
    for (; at < end && is_digit(*at); at++) significand = significand * 10 + (uint64_t)(*at - '0');
    ptrdiff_t digits = at - first;
    int64_t power = 0;
    const char *leading = first;
    if (at < end && *at == '.') {
        const char *fraction = ++at;
        for (; at < end && is_digit(*at); at++) significand = significand * 10 + (uint64_t)(*at - '0');
        power = fraction - at;
        digits += at - fraction;
    }
    if (digits == 0) return NULL;
    if (digits > 19) {
        // Zeros before the first digit do not count.
        for (; leading < at && (*leading == '0' || *leading == '.'); leading++) digits -= *leading == '0';
    }
    if (at < end && (*at | 0x20) == 'e') {
        const char *sign = ++at;
        const bool is_below_one = at < end && *at == '-';
        if (at < end && (*at == '-' || *at == '+')) at++;
        const char *start = at;
        int64_t exponent = 0;
        // Any larger one gives zero or infinity.
        for (; at < end && is_digit(*at); at++) exponent = exponent > 100000 ? exponent : exponent * 10 + (*at - '0');
        if (at == start) return NULL;
        (void)sign;
        power += is_below_one ? -exponent : exponent;
    }
    double magnitude;
    if (digits > 19) {
        char *stop;
        *value = strtod(text, &stop);
        return stop == at ? at : NULL;
    }
    if (significand == 0) {
        magnitude = 0;
    } else if (significand <= (uint64_t)1 << 53 && power >= -22 && power <= 22) {
        // Both are exact: the one operation rounds once (Clinger 1990).
        magnitude = power < 0 ? (double)significand / powers_of_ten[-power] : (double)significand * powers_of_ten[power];
    } else {
        magnitude = nearest(significand, power);
    }
    *value = is_negative ? -magnitude : magnitude;
    return at;
}

bool varlab_parse_decimal(const char *text, const char *end, double *value) {
    const char *stop = parse(text, end, value);
    if (stop) return stop == end;
    const bool is_negative = text < end && *text == '-';
    if (text < end && (*text == '-' || *text == '+')) text++;
    if (is_word(text, end, "nan")) {
        *value = __builtin_nan("");
    } else if (is_word(text, end, "inf") || is_word(text, end, "infinity")) {
        *value = is_negative ? -__builtin_inf() : __builtin_inf();
    } else {
        return false;
    }
    return true;
}

static const char *skip_blanks(const char *at, const char *end) {
    while (at < end && (*at == ' ' || *at == '\t' || *at == '\r')) at++;
    return at;
}

ptrdiff_t varlab_parse_lines(const char *text, size_t length, size_t columns, double *values, size_t capacity) {
    const char *at = text, *end = text + length;
    size_t count = 0;
    while (at < end) {
        if (count + columns > capacity) return -1;
        for (size_t column = 0; column < columns; column++) {
            at = skip_blanks(at, end);
            const char *stop = parse(at, end, values + count);
            if (!stop) {
                // A word, as far as the cell goes.
                for (stop = at; stop < end && *stop != ',' && *stop != '\n'; stop++) {}
                const char *last = stop;
                while (last > at && (last[-1] == ' ' || last[-1] == '\t' || last[-1] == '\r')) last--;
                if (!varlab_parse_decimal(at, last, values + count)) return -1;
            }
            at = skip_blanks(stop, end);
            if (at == end || *at != (column + 1 == columns ? '\n' : ',')) return -1;
            at++;
            count++;
        }
    }
    return (ptrdiff_t)count;
}

double varlab_rounded_to_digits(double value, int digits) {
    char text[32];  // -1.2345678901234567e-308 and its end
    snprintf(text, sizeof text, "%.*e", digits - 1, value);
    return strtod(text, NULL);
}
