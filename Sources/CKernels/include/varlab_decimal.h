#ifndef VARLAB_DECIMAL_H
#define VARLAB_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>

// The nearest double, ties to even, to a number as CSV files have it from `text` on to `end`: sign, digits with or without a point, exponent; or nan, inf,
// infinity in any case. Returns false where that is anything else. The byte at `end` must be there and no part of a number.
bool varlab_parse_decimal(const char *text, const char *end, double *value);

// The numbers of whole lines of comma-separated text, each line with `columns` of them; blanks and carriage returns around them are skipped. The last
// line ends with a line feed too. Returns how many numbers there are, or -1 for anything else than that, and for more than `capacity`.
ptrdiff_t varlab_parse_lines(const char *text, size_t length, size_t columns, double *values, size_t capacity);

// A finite number rounded to so many significant decimal digits, from 1 to 17, in a tenth of the time that Foundation's formats take.
double varlab_rounded_to_digits(double value, int digits);

#endif
