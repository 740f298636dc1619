/* Small arithmetic on whole numbers. */
#ifndef SUNFLOWER_NUMBERS_H
#define SUNFLOWER_NUMBERS_H

#include <stdbool.h>
#include <stdint.h>

static inline uint32_t magnitude(int32_t value)
{
    return value < 0 ? 0u - (uint32_t)value : (uint32_t)value;
}

static inline int32_t limited(int32_t value, int32_t most)
{
    return value > most ? most : value < -most ? -most : value;
}

/* Whether an instant has come; instants wrap, so it may lie at most 24 days off. */
static inline bool has_come(uint32_t instant_ms, uint32_t now_ms)
{
    return (int32_t)(now_ms - instant_ms) >= 0;
}

/* Rounded down, bit by bit (Warren, "Hacker's Delight", 2nd edition, figure 11-4). */
static inline uint32_t square_root(uint32_t value)
{
    uint32_t root = 0;
    for (uint32_t bit = UINT32_C(1) << 30; bit != 0; bit >>= 2) {
        const uint32_t trial = root + bit;
        root >>= 1;
        if (value >= trial) {
            value -= trial;
            root += bit;
        }
    }
    return root;
}

#endif
