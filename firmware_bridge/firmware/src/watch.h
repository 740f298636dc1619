/* The watchdog is kicked only when every part of the loop has run since the last time. */
#ifndef SUNFLOWER_WATCH_H
#define SUNFLOWER_WATCH_H

#include <stdint.h>

enum { PART_LINE = 1 << 0, PART_TICK = 1 << 1, PART_MEMORY = 1 << 2 };
enum { ALL_PARTS = PART_LINE | PART_TICK | PART_MEMORY };

struct watch {
    uint8_t ran;
};

void watch_ran(struct watch *watch, uint8_t part);

#endif
