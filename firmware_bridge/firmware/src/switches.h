/* Contacts that bounce: pressed at once and released late, or steady for a while either way. */
#ifndef SUNFLOWER_SWITCHES_H
#define SUNFLOWER_SWITCHES_H

#include <stdbool.h>
#include <stdint.h>

struct switches {
    uint8_t inputs; /* INPUT_* as last read */
    uint8_t released_ticks, wind_ticks;
    bool emergency_stop, wind;
};

/* Every tick. */
void switches_see(struct switches *switches, uint8_t inputs);

#endif
