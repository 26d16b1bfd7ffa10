// Included once for each precision, with REAL and NAME(name) defined: sorts the eight series of a tile at once, a row of the tile being one vector.
//
// Bitonic merging in which every comparison puts the smaller number into the row before (the first stage of a merge mirrors the second run), so
// that rows after the last, as if they were infinite, are never moved: any number of rows is sorted without padding. Three stages are done on
// eight rows in registers before these are stored: some 2 instructions per number and doubling, without branches on what is compared.

#define ROW(index) (rows + (index) * LANES)

INLINE void NAME(exchange)(real_lanes *first, real_lanes *second) {
    const real_mask is_smaller = *second < *first;
    const real_lanes smaller = NAME(select)(is_smaller, *second, *first);
    *second = NAME(select)(is_smaller, *first, *second);
    *first = smaller;
}

// A row, or what stands for those after the last.
INLINE real_lanes NAME(row)(const REAL *rows, size_t index, size_t count) {
    return index < count ? NAME(load)(ROW(index)) : NAME(broadcast)((REAL)__builtin_inf());
}

// Half-cleaners over `height` rows in registers.
INLINE void NAME(clean_registers)(real_lanes *x, int height) {
    UNROLLED (int half = height / 2; half > 0; half /= 2)
        UNROLLED (int j = 0; j < height; j++)
            if (!(j & half)) NAME(exchange)(x + j, x + j + half);
}

// The same of the rows start, start + distance, ... of the tile.
INLINE void NAME(clean_rows)(REAL *rows, size_t start, size_t distance, int height, size_t count) {
    real_lanes x[16];
    if (start + distance * (size_t)(height - 1) < count) {
        REAL *first = ROW(start);
        UNROLLED (int j = 0; j < height; j++) x[j] = NAME(load)(first + distance * LANES * (size_t)j);
        NAME(clean_registers)(x, height);
        UNROLLED (int j = 0; j < height; j++) NAME(store)(first + distance * LANES * (size_t)j, x[j]);
        return;
    }
    for (int j = 0; j < height; j++) x[j] = NAME(row)(rows, start + distance * (size_t)j, count);
    NAME(clean_registers)(x, height);
    for (int j = 0; j < height && start + distance * (size_t)j < count; j++) NAME(store)(ROW(start + distance * (size_t)j), x[j]);
}

// Sorts a bitonic run of `size` rows.
static void NAME(clean)(REAL *rows, size_t start, size_t size, size_t count) {
    if (start >= count) return;
    switch (size) {
    case 4: NAME(clean_rows)(rows, start, 1, 4, count); return;
    case 8: NAME(clean_rows)(rows, start, 1, 8, count); return;
    case 16: NAME(clean_rows)(rows, start, 1, 16, count); return;
    default: {
        const size_t part = size / 8;
        for (size_t i = 0; i < part && start + i < count; i++) NAME(clean_rows)(rows, start + i, part, 8, count);
        for (size_t i = 0; i < size; i += part) NAME(clean)(rows, start + i, part, count);
    }
    }
}

// Merges the sorted runs [start, start + size) and [start + size, start + 2 size), of which the second may end before. Three stages first.
static void NAME(merge)(REAL *rows, size_t start, size_t size, size_t count) {
    if (start + size >= count) return;
    const size_t part = size / 4, end = start + 2 * size - 1;
    for (size_t i = 0; i < part; i++) {
        real_lanes x[8];
        REAL *low = ROW(start + i), *high = ROW(end - i);
        const size_t distance = part * LANES;
        const int is_whole = end - i < count;
        UNROLLED (size_t j = 0; j < 4; j++) x[j] = NAME(load)(low + distance * j);
        if (is_whole) {
            UNROLLED (size_t j = 0; j < 4; j++) x[7 - j] = NAME(load)(high - distance * j);
        } else {
            for (size_t j = 0; j < 4; j++) x[7 - j] = NAME(row)(rows, end - i - part * j, count);
        }
        UNROLLED (int j = 0; j < 4; j++) NAME(exchange)(x + j, x + 7 - j);
        NAME(clean_registers)(x, 4);
        NAME(clean_registers)(x + 4, 4);
        UNROLLED (size_t j = 0; j < 4; j++) NAME(store)(low + distance * j, x[j]);
        if (is_whole) {
            UNROLLED (size_t j = 0; j < 4; j++) NAME(store)(high - distance * j, x[7 - j]);
        } else {
            for (size_t j = 0; j < 4; j++)
                if (end - i - part * j < count) NAME(store)(high - distance * j, x[7 - j]);
        }
    }
    for (size_t i = 0; i < 2 * size; i += part) NAME(clean)(rows, start + i, part, count);
}

// 16 rows from the tile into the sorted ones.
INLINE void NAME(sort_block)(const REAL *tile, REAL *rows, size_t start, size_t count) {
    real_lanes x[16];
    for (int j = 0; j < 16; j++) x[j] = NAME(row)(tile, start + (size_t)j, count);
    UNROLLED (int size = 1; size < 16; size *= 2) {
        UNROLLED (int run = 0; run < 16; run += 2 * size)
            UNROLLED (int j = 0; j < size; j++) NAME(exchange)(x + run + j, x + run + 2 * size - 1 - j);
        UNROLLED (int run = 0; run < 16; run += size) NAME(clean_registers)(x + run, size);
    }
    for (int j = 0; j < 16 && start + (size_t)j < count; j++) NAME(store)(ROW(start + (size_t)j), x[j]);
}

#define TILE_BLOCK 16

static void NAME(sort_range)(const REAL *tile, REAL *rows, size_t start, size_t size, size_t count) {
    if (start >= count) return;
    if (size == TILE_BLOCK) {
        NAME(sort_block)(tile, rows, start, count);
        return;
    }
    NAME(sort_range)(tile, rows, start, size / 2, count);
    NAME(sort_range)(tile, rows, start + size / 2, size / 2, count);
    NAME(merge)(rows, start, size / 2, count);
}

// The tile's series in ascending order into `sorted`. All numbers must be finite.
static void NAME(sort_tile)(const REAL *tile, size_t steps, REAL *sorted) {
    size_t size = TILE_BLOCK;
    while (size < steps) size *= 2;
    NAME(sort_range)(tile, sorted, 0, size, steps);
}

#undef ROW
#undef TILE_BLOCK
