/* One axis: counts its encoder, follows its profile, notices when the motor does not do as it is told. */
#ifndef SUNFLOWER_AXIS_H
#define SUNFLOWER_AXIS_H

#include <stdbool.h>
#include <stdint.h>

#include "profile.h"

enum axis_state {
    STANDING, /* the motor is off and the encoder still */
    DRIVING,  /* on its way, or waiting to be let go */
    COASTING  /* switched off, the encoder not yet still */
};

enum axis_event { AXIS_WELL, AXIS_STALLED, AXIS_REVERSED, AXIS_AT_END };

struct axis {
    struct profile profile;
    int32_t counts;
    uint32_t rate_max, ramp;
    uint16_t encoder;      /* as last read */
    int32_t speed_gain;    /* duty for a speed, in 2^-23 a 256th of a count/s */
    int16_t error_gain_q8; /* duty for a count of error */
    int16_t late_counts;   /* so far behind, the profile waits */
    int32_t reversed_counts;
    int32_t sum_q8;        /* of the errors, as duty */
    int16_t duty;
    int32_t anchor;        /* it has moved when it has left this, */
    int32_t wrong_way;     /* counts against the duty */
    uint16_t still_ticks;  /* and so long it has not, */
    uint8_t quiet_ticks;   /* nor counted at all, up to 255 */
    uint16_t settle_ticks;
    uint8_t state;         /* enum axis_state */
    int8_t end_side;       /* of the open end switch: -1 low, 1 high, 0 closed or not known */
    uint8_t end_ticks;     /* how long the end switch has been open, up to END_TICKS */
};

/* Gains from the rate that the motor is said to reach; `reversed_counts` the wrong way are a fault. */
void axis_set_up(struct axis *axis, uint32_t rate_max, uint32_t ramp, int32_t reversed_counts);

/* It stands here; all else is forgotten. */
void axis_place(struct axis *axis, int32_t counts, uint16_t encoder);

/* What it has counted so far means other positions from now on. */
void axis_shift(struct axis *axis, int32_t by_counts);

void axis_go(struct axis *axis, int32_t target, uint32_t rate);
void axis_brake(struct axis *axis); /* to rest at the ramp */
void axis_cut(struct axis *axis);   /* the motor is off at once */
bool axis_at_end(const struct axis *axis);

/* Every tick: read the sensors, then set the duty. Not released, it waits where it is. */
void axis_sense(struct axis *axis, uint16_t encoder, bool end_switch_open);
enum axis_event axis_control(struct axis *axis, bool released);

#endif
