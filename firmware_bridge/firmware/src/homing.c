#include "homing.h"

enum { CREEP_PART = 8 }; /* chosen: of the greatest rate; a tick at 62 counts a second is a third of a count */

int32_t beyond_travel(const struct axis *axis, const struct axis_limits *limits, int8_t direction)
{
    const int32_t span = limits->max_counts - limits->min_counts;
    return axis->counts + direction * (span + span / 8);
}

static int32_t creep_rate(const struct axis_limits *limits)
{
    return (int32_t)(limits->rate_counts_s / CREEP_PART + 1);
}

static void enter(struct search *search, struct axis *axis, const struct axis_limits *limits, uint8_t phase)
{
    const uint32_t rate = phase == SEARCH_CREEP ? (uint32_t)creep_rate(limits) : limits->rate_counts_s;
    search->phase = phase;
    axis_go(axis, beyond_travel(axis, limits, phase == SEARCH_UP ? 1 : -1), rate);
}

void search_begin(struct search *search, struct axis *axis, const struct axis_limits *limits, bool closed)
{
    enter(search, axis, limits, closed ? SEARCH_UP : SEARCH_DOWN);
}

static void stop_here(struct search *search, struct axis *axis)
{
    search->home_counts = axis->counts;
    search->phase = SEARCH_STOPPING;
    axis_cut(axis);
}

static void count_from_home(struct search *search, struct axis *axis, const struct axis_limits *limits)
{
    axis_shift(axis, limits->home_counts - search->home_counts);
    search->phase = SEARCH_FOUND;
}

/* A contact that bounces says nothing while the axis runs the wrong way, or too fast. */
void search_step(struct search *search, struct axis *axis, const struct axis_limits *limits, bool closed)
{
    const int32_t speed = axis->profile.speed_q8 / 256;
    if (search->phase == SEARCH_STOPPING) {
        if (axis->state == STANDING)
            count_from_home(search, axis, limits);
    } else if (search->phase <= SEARCH_CREEP && axis->state != DRIVING) {
        search->phase = SEARCH_MISSING;
    } else if (search->phase == SEARCH_DOWN && closed) {
        enter(search, axis, limits, SEARCH_UP);
    } else if (search->phase == SEARCH_UP && !closed && speed > 0) {
        enter(search, axis, limits, SEARCH_CREEP);
    } else if (search->phase == SEARCH_CREEP && closed && speed <= 0 && speed >= -creep_rate(limits)) {
        stop_here(search, axis);
    }
}
