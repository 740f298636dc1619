#include "profile.h"

#include "numbers.h"

#define RESTS_PER_COUNT (INT32_C(256) * TICKS_S)

void profile_put(struct profile *profile, int32_t position)
{
    profile->position = profile->target = position;
    profile->speed_q8 = profile->rest = 0;
    profile->braking = false;
}

void profile_go(struct profile *profile, int32_t target, uint32_t rate, uint32_t ramp)
{
    profile->target = target;
    profile->rate = rate;
    profile->ramp = ramp;
    profile->ramp_distance = rate * rate / (2 * ramp) + 1;
    profile->braking = false;
}

void profile_brake(struct profile *profile)
{
    profile->braking = true;
}

bool profile_over(const struct profile *profile)
{
    return profile->speed_q8 == 0 && profile->position == profile->target && !profile->braking;
}

/* The allowed speed at a distance, counts/s; the last tick ends at the target and not behind it. */
static uint32_t allowed(const struct profile *profile, uint32_t distance)
{
    if (distance >= profile->ramp_distance)
        return profile->rate;
    const uint32_t speed = square_root(2 * profile->ramp * distance);
    return speed / TICKS_S > distance ? distance * TICKS_S : speed;
}

/* The same, signed, in 256ths. */
static int32_t wanted_q8(const struct profile *profile)
{
    const int32_t way = profile->target - profile->position;
    if (profile->braking)
        return 0;
    const int32_t speed_q8 = (int32_t)(allowed(profile, magnitude(way)) << 8);
    return way > 0 ? speed_q8 : -speed_q8;
}

static void advance(struct profile *profile)
{
    profile->rest += profile->speed_q8;
    const int32_t whole = profile->rest / RESTS_PER_COUNT;
    profile->rest -= whole * RESTS_PER_COUNT;
    profile->position += whole;
}

/* Slow enough that it would be at rest within two counts. */
static bool nearly_at_rest(const struct profile *profile)
{
    const uint32_t speed = magnitude(profile->speed_q8) >> 8;
    return speed * speed <= 4 * profile->ramp;
}

void profile_step(struct profile *profile)
{
    const int32_t step_q8 = (int32_t)((profile->ramp << 8) / TICKS_S) + 1;
    const int32_t before = profile->target - profile->position;
    profile->speed_q8 += limited(wanted_q8(profile) - profile->speed_q8, step_q8);
    advance(profile);
    const int32_t after = profile->target - profile->position;
    const bool arrived = after == 0 || (before ^ after) < 0;
    if (profile->braking ? profile->speed_q8 == 0 : arrived && nearly_at_rest(profile))
        profile_put(profile, profile->braking ? profile->position : profile->target);
}
