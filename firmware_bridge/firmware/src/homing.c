#include "homing.h"

/* Chosen. Of the greatest rate: a tick at 62 counts a second is a third of a count. A contact that sparks for
 * less than 50 ms has not changed. */
enum { CREEP_PART = 8, STEADY_TICKS = 50 / TICK_MS };

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

static void watch(struct search *search, const struct axis *axis, bool closed)
{
    if (closed != search->closed) {
        search->closed = closed;
        search->steady_ticks = 0;
        search->changed_counts = axis->counts;
    } else if (search->steady_ticks < STEADY_TICKS) {
        search->steady_ticks++;
    }
}

void search_begin(struct search *search, struct axis *axis, const struct axis_limits *limits, bool closed)
{
    *search = (struct search){.closed = closed, .changed_counts = axis->counts};
    enter(search, axis, limits, closed ? SEARCH_UP : SEARCH_DOWN);
}

static void stop_here(struct search *search, struct axis *axis)
{
    search->phase = SEARCH_STOPPING;
    axis_cut(axis);
}

static void count_from_home(struct search *search, struct axis *axis, const struct axis_limits *limits)
{
    axis_shift(axis, limits->home_counts - search->changed_counts);
    search->phase = SEARCH_FOUND;
}

/* The way up ends only while it leads up, and the creeping is over only while it leads down: a switch that was
 * open for a moment below its home is closed again before the axis has turned round. */
static void look(struct search *search, struct axis *axis, const struct axis_limits *limits)
{
    const int32_t speed = axis->profile.speed_q8 / 256;
    const bool closed = search->closed;
    if (search->phase == SEARCH_DOWN && closed)
        enter(search, axis, limits, SEARCH_UP);
    else if (search->phase == SEARCH_UP && !closed && speed > 0)
        enter(search, axis, limits, SEARCH_CREEP);
    else if (search->phase == SEARCH_CREEP && closed && speed > 0)
        enter(search, axis, limits, SEARCH_UP);
    else if (search->phase == SEARCH_CREEP && closed && speed >= -creep_rate(limits))
        stop_here(search, axis);
}

void search_step(struct search *search, struct axis *axis, const struct axis_limits *limits, bool closed)
{
    if (search->phase == SEARCH_STOPPING && axis->state == STANDING)
        count_from_home(search, axis, limits);
    if (search->phase > SEARCH_CREEP)
        return;
    watch(search, axis, closed);
    if (axis->state != DRIVING)
        search->phase = SEARCH_MISSING;
    else if (search->steady_ticks == STEADY_TICKS)
        look(search, axis, limits);
}
