/* Finding a home switch, one axis: down until it closes, up until it opens, slowly down until it closes.
 *
 * Always from above, so that the play in the gear lies on the same side every time, and slowly, so that the
 * ramp takes nothing from the result.
 */
#ifndef SUNFLOWER_HOMING_H
#define SUNFLOWER_HOMING_H

#include "axis.h"
#include "parameters.h"

enum search_phase { SEARCH_DOWN, SEARCH_UP, SEARCH_CREEP, SEARCH_STOPPING, SEARCH_FOUND, SEARCH_MISSING };

struct search {
    uint8_t phase;          /* enum search_phase */
    bool closed;            /* the switch as last seen, */
    uint8_t steady_ticks;   /* for how long it has been so, up to STEADY_TICKS, */
    int32_t changed_counts; /* and where the axis was when it changed */
};

void search_begin(struct search *search, struct axis *axis, const struct axis_limits *limits, bool closed);

/* Every tick. Once found, the axis counts from its home. */
void search_step(struct search *search, struct axis *axis, const struct axis_limits *limits, bool closed);

/* Farther than any travel, to look for a switch on the way: 1 up, -1 down. */
int32_t beyond_travel(const struct axis *axis, const struct axis_limits *limits, int8_t direction);

#endif
