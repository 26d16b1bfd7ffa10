#define _DEFAULT_SOURCE
#include <string.h>
#include "include/varlab_series.h"
#if defined(__linux__)
#include <sys/mman.h>
#endif

void varlab_prefer_large_pages(void *memory, size_t bytes) {
#if defined(__linux__) && defined(MADV_HUGEPAGE)
    // What the system makes of it changes the time alone.
    madvise(memory, bytes, MADV_HUGEPAGE);
#else
    (void)memory, (void)bytes;
#endif
}

// Moves of a known size are one or two instructions.
static inline void copy_rows(const char *rows, size_t row_bytes, size_t steps, char *tile, size_t bytes) {
    for (size_t step = 0; step < steps; step++) memcpy(tile + step * bytes, rows + step * row_bytes, bytes);
}

void varlab_tiles_from_rows(const void *rows, size_t size, size_t steps, size_t count, void *tiles, size_t tile_bytes) {
    const char *source = rows;
    char *target = tiles;
    size_t left = count;
    for (; left >= VARLAB_TILE_WIDTH; left -= VARLAB_TILE_WIDTH) {
        if (size == 4) copy_rows(source, count * 4, steps, target, VARLAB_TILE_WIDTH * 4);
        else copy_rows(source, count * 8, steps, target, VARLAB_TILE_WIDTH * 8);
        source += VARLAB_TILE_WIDTH * size;
        target += tile_bytes;
    }
    if (left == 0) return;
    for (size_t step = 0; step < steps; step++) {
        char *row = target + step * VARLAB_TILE_WIDTH * size;
        memcpy(row, source + step * count * size, left * size);
        memset(row + left * size, 0, (VARLAB_TILE_WIDTH - left) * size);
    }
}

#define FROM_COLUMNS(type)                                                                                                    \
    for (size_t column = 0; column < VARLAB_TILE_WIDTH; column++) {                                                           \
        const type *source = (const type *)((const char *)columns + column * column_bytes);                                   \
        for (size_t step = 0; step < steps; step++) ((type *)tile)[step * VARLAB_TILE_WIDTH + column] = column < count ? source[step] : 0; \
    }

// So many steps at a time stay in the first cache.
#define STEPS 256

void varlab_tile_from_columns(const void *columns, size_t size, size_t steps, size_t count, size_t column_bytes, void *tile) {
    while (steps > STEPS) {
        varlab_tile_from_columns(columns, size, STEPS, count, column_bytes, tile);
        columns = (const char *)columns + STEPS * size;
        tile = (char *)tile + STEPS * VARLAB_TILE_WIDTH * size;
        steps -= STEPS;
    }
    if (size == 4) FROM_COLUMNS(uint32_t)
    else FROM_COLUMNS(uint64_t)
}
