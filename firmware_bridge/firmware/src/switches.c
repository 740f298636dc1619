#include "switches.h"

#include "board.h"
#include "profile.h"

enum { STEADY_TICKS = 50 / TICK_MS };

static void see_emergency_stop(struct switches *switches)
{
    if (switches->inputs & INPUT_EMERGENCY_STOP) {
        switches->emergency_stop = true;
        switches->released_ticks = 0;
    } else if (switches->emergency_stop && ++switches->released_ticks == STEADY_TICKS) {
        switches->emergency_stop = false;
    }
}

static void see_wind(struct switches *switches)
{
    const bool open = switches->inputs & INPUT_WIND;
    if (open == switches->wind)
        switches->wind_ticks = 0;
    else if (++switches->wind_ticks == STEADY_TICKS)
        switches->wind = open;
}

void switches_see(struct switches *switches, uint8_t inputs)
{
    switches->inputs = inputs;
    see_emergency_stop(switches);
    see_wind(switches);
}
