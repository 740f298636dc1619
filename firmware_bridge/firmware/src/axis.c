#include "axis.h"

#include "board.h"
#include "numbers.h"

/* Chosen. A motor must reach its greatest rate at 4/5 of the supply, or nothing is left to steer with. */
#define DUTY_AT_RATE 200
#define ERROR_GAIN_MOST_Q8 (32 * 256) /* duty for one count on the coarsest encoder */
#define SUM_SHIFT 7 /* the sum of errors weighs as much as the error after 128 ticks, 0.64 s */

enum {
    CLOSE_COUNTS = 2,                   /* near enough to switch off */
    NEAR_COUNTS = 8,                    /* near enough to leave it so when it does not get closer */
    STILL_COUNTS = 2,                   /* an encoder may tremble that much on an edge and still stand */
    QUIET_TICKS = 300 / TICK_MS,        /* switched off and without a count for so long, it has stopped; */
    TREMBLE_TICKS = 1000 / TICK_MS,     /* or only trembling, for so long */
    STALL_TICKS = 1000 / TICK_MS,       /* long against a start, short against harm: as the Python simulator */
    SETTLED_TICKS = 100 / TICK_MS,      /* near enough, and not just passing by */
    SETTLE_TICKS = 2000 / TICK_MS,      /* then what is left is left */
    END_TICKS = 2                       /* a spark shorter than 10 ms is no end switch */
};

void axis_set_up(struct axis *axis, uint32_t rate_max, uint32_t ramp, int32_t reversed_counts)
{
    /* Full duty when an eighth of a second behind. */
    const uint32_t gain_q8 = UINT32_C(256) * FULL_DUTY * 8 / rate_max;
    axis->rate_max = rate_max;
    axis->ramp = ramp;
    axis->speed_gain = (int32_t)(UINT32_C(32768) * DUTY_AT_RATE / rate_max);
    axis->error_gain_q8 = (int16_t)(gain_q8 < ERROR_GAIN_MOST_Q8 ? gain_q8 : ERROR_GAIN_MOST_Q8);
    axis->late_counts = (int16_t)(rate_max / 8 > NEAR_COUNTS ? rate_max / 8 : NEAR_COUNTS);
    axis->reversed_counts = reversed_counts > NEAR_COUNTS ? reversed_counts : NEAR_COUNTS;
}

static void begin_watching(struct axis *axis)
{
    axis->anchor = axis->counts;
    axis->wrong_way = 0;
    axis->still_ticks = axis->settle_ticks = axis->quiet_ticks = 0;
}

static void stand(struct axis *axis)
{
    axis->state = STANDING;
    axis->duty = 0;
    axis->sum_q8 = 0;
    begin_watching(axis);
}

void axis_place(struct axis *axis, int32_t counts, uint16_t encoder)
{
    axis->counts = counts;
    axis->encoder = encoder;
    axis->end_side = 0;
    axis->end_ticks = 0;
    profile_put(&axis->profile, counts);
    stand(axis);
}

void axis_shift(struct axis *axis, int32_t by_counts)
{
    axis->counts += by_counts;
    axis->anchor += by_counts;
    axis->profile.position += by_counts;
    axis->profile.target += by_counts;
}

void axis_go(struct axis *axis, int32_t target, uint32_t rate)
{
    if (axis->state != DRIVING)
        profile_put(&axis->profile, axis->counts);
    profile_go(&axis->profile, target, rate, axis->ramp);
    if (axis->state == STANDING && magnitude(target - axis->counts) <= CLOSE_COUNTS) {
        profile_put(&axis->profile, target);
        return;
    }
    if (axis->state != DRIVING)
        begin_watching(axis);
    axis->settle_ticks = 0;
    axis->state = DRIVING;
}

static void switch_off(struct axis *axis)
{
    axis->duty = 0;
    axis->sum_q8 = 0;
    axis->state = COASTING;
    begin_watching(axis);
}

void axis_cut(struct axis *axis)
{
    profile_put(&axis->profile, axis->counts);
    if (axis->state == DRIVING)
        switch_off(axis);
}

void axis_brake(struct axis *axis)
{
    if (axis->state == DRIVING && axis->profile.speed_q8 != 0)
        profile_brake(&axis->profile);
    else
        axis_cut(axis);
}

bool axis_at_end(const struct axis *axis)
{
    return axis->end_ticks == END_TICKS;
}

static void watch_end(struct axis *axis, bool open)
{
    if (!open) {
        axis->end_ticks = 0;
        axis->end_side = 0;
    } else if (axis->end_ticks < END_TICKS && ++axis->end_ticks == END_TICKS) {
        axis->end_side = axis->duty > 0 ? 1 : axis->duty < 0 ? -1 : 0;
    }
}

/* Still means: has not left a few counts around where it was. */
static void watch_motion(struct axis *axis, int16_t moved)
{
    if (magnitude(axis->counts - axis->anchor) > STILL_COUNTS) {
        axis->anchor = axis->counts;
        axis->still_ticks = 0;
    } else if (axis->still_ticks < UINT16_MAX) {
        axis->still_ticks++;
    }
    axis->quiet_ticks = moved != 0 ? 0 : (uint8_t)(axis->quiet_ticks + (axis->quiet_ticks < UINT8_MAX));
    if (axis->duty != 0)
        axis->wrong_way += axis->duty > 0 ? -moved : moved;
    if (axis->wrong_way < 0)
        axis->wrong_way = 0;
}

void axis_sense(struct axis *axis, uint16_t encoder, bool end_switch_open)
{
    const int16_t moved = (int16_t)(encoder - axis->encoder);
    axis->encoder = encoder;
    axis->counts += moved;
    watch_end(axis, end_switch_open);
    watch_motion(axis, moved);
}

static int32_t error_of(const struct axis *axis)
{
    return axis->profile.position - axis->counts;
}

static bool is_late(const struct axis *axis)
{
    return magnitude(error_of(axis)) >= (uint32_t)axis->late_counts;
}

/* Speed forward, and error and its sum back. The sum stops where the duty is at its limit. */
static void steer(struct axis *axis)
{
    const int32_t error = limited(error_of(axis), 2 * (int32_t)axis->late_counts);
    const int32_t forward = axis->profile.speed_q8 * axis->speed_gain / (INT32_C(1) << 23);
    const int32_t back_q8 = error * axis->error_gain_q8;
    const int32_t wanted = forward + (back_q8 + axis->sum_q8) / 256;
    axis->duty = (int16_t)limited(wanted, FULL_DUTY);
    if (wanted == axis->duty || (wanted > 0) != (error > 0))
        axis->sum_q8 = limited(axis->sum_q8 + back_q8 / (1 << SUM_SHIFT), INT32_C(256) * FULL_DUTY);
}

static bool runs_into_end(const struct axis *axis)
{
    return (axis->end_side > 0 && axis->duty > 0) || (axis->end_side < 0 && axis->duty < 0);
}

/* The profile is over, and the motor near enough or long enough near. */
static bool has_settled(struct axis *axis)
{
    const uint32_t off = magnitude(error_of(axis));
    if (!profile_over(&axis->profile))
        return false;
    if (axis->settle_ticks < SETTLE_TICKS)
        axis->settle_ticks++;
    const bool settled = off <= CLOSE_COUNTS && axis->still_ticks >= SETTLED_TICKS;
    return settled || (off <= NEAR_COUNTS && axis->settle_ticks == SETTLE_TICKS);
}

static enum axis_event drive(struct axis *axis)
{
    if (!is_late(axis))
        profile_step(&axis->profile);
    if (has_settled(axis)) {
        switch_off(axis);
        return AXIS_WELL;
    }
    steer(axis);
    if (runs_into_end(axis))
        return AXIS_AT_END;
    if (is_late(axis) && axis->wrong_way >= axis->reversed_counts)
        return AXIS_REVERSED;
    const bool behind = is_late(axis) || axis->settle_ticks == SETTLE_TICKS;
    return behind && axis->still_ticks >= STALL_TICKS ? AXIS_STALLED : AXIS_WELL;
}

static bool has_stopped(const struct axis *axis)
{
    return axis->quiet_ticks >= QUIET_TICKS || axis->still_ticks >= TREMBLE_TICKS;
}

/* A target that was not reached is none any more. */
static void come_to_rest(struct axis *axis)
{
    if (magnitude(axis->profile.target - axis->counts) > NEAR_COUNTS)
        profile_put(&axis->profile, axis->counts);
    stand(axis);
}

enum axis_event axis_control(struct axis *axis, bool released)
{
    if (axis->state == DRIVING && released)
        return drive(axis);
    if (axis->state == DRIVING)
        begin_watching(axis);
    else if (axis->state == COASTING && has_stopped(axis))
        come_to_rest(axis);
    return AXIS_WELL;
}
