/* Where an axis ought to be, tick by tick: a trapezoid of speed that may be sent elsewhere at any time.
 *
 * Whole numbers only. The speed allowed at a distance d is sqrt(2 a d), at most the rate, and it changes by
 * the ramp a tick at most; so a new target, rate or ramp needs no case of its own.
 */
#ifndef SUNFLOWER_PROFILE_H
#define SUNFLOWER_PROFILE_H

#include <stdbool.h>
#include <stdint.h>

enum { TICK_MS = 5, TICKS_S = 200 };

struct profile {
    int32_t position, target; /* counts */
    int32_t speed_q8;         /* counts/s, in 256ths */
    int32_t rest;             /* of the position, in counts/(256 TICKS_S) */
    uint32_t rate, ramp;      /* counts/s, counts/s2 */
    uint32_t ramp_distance;   /* from the rate to rest, counts */
    bool braking;             /* to rest, wherever that is */
};

/* At rest, here. */
void profile_put(struct profile *profile, int32_t position);

/* From wherever it is and however fast. Rate and ramp as parameters.h allows them. */
void profile_go(struct profile *profile, int32_t target, uint32_t rate, uint32_t ramp);
void profile_brake(struct profile *profile);

bool profile_over(const struct profile *profile);
void profile_step(struct profile *profile);

#endif
