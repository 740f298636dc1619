/* The mechanics of one head: motors, gears with play, end stops, switches. For tests and simulation, on a PC.
 *
 * Positions are true motor counts (quadrature edges), whatever the firmware believes. The motor follows its
 * duty like a first-order lag and coasts on when it is switched off; it turns the shaft through a gear with
 * play, so the shaft is off by up to half of it (play operator, Brokate and Sprekels, "Hysteresis and Phase
 * Transitions", 1996, section 2.1). The encoder sits on the motor, the home and flat switches on the shaft.
 */
#ifndef SUNFLOWER_PLANT_H
#define SUNFLOWER_PLANT_H

#include <stdbool.h>
#include <stdint.h>

enum { PLANT_AZIMUTH, PLANT_ELEVATION, PLANT_AXES };
enum { PLANT_FULL_DUTY = 255 };
enum { PLANT_END_LOW = 1, PLANT_END_HIGH = 2 }; /* bits of plant_end_switch */

struct plant_axis_config {
    double start_counts;
    double low_stop_counts, high_stop_counts; /* hard ends */
    double end_switch_counts;                 /* each end switch closes so far before its hard end */
    double home_counts;                       /* the home switch is closed at and below */
    double play_counts;                       /* of the gear, end to end */
    double full_rate_counts_s;                /* with full duty, unloaded */
    double lag_s, coast_s;                    /* time constants, driven and switched off */
};

struct plant_config {
    struct plant_axis_config axis[PLANT_AXES];
    double flat_counts; /* the flat switch is closed at and above, on elevation's shaft */
};

struct plant_axis {
    double motor_counts, shaft_counts, rate_counts_s, wanted_counts_s;
    bool driven, jammed, reversed, home_dead, end_stuck;
};

struct plant {
    struct plant_config config;
    struct plant_axis axis[PLANT_AXES];
    bool emergency_stop; /* the button is pressed */
    bool wind_contact;   /* it asks for a stow */
    bool folded;         /* what the fold output says */
};

void plant_init(struct plant *plant, const struct plant_config *config);

/* What the motor driver does from now on; not enabled, the motor coasts to a halt. */
void plant_drive(struct plant *plant, unsigned axis, int16_t duty, bool enabled);

void plant_fold(struct plant *plant, bool folded);

/* Let time pass. Step finely (50 us) while plant_turning, or encoder edges are skipped. */
void plant_advance_us(struct plant *plant, double us);
bool plant_turning(const struct plant *plant);

/* What the sensors say. Bit 0 is channel A, bit 1 is B; A leads B while the counts rise. */
uint8_t plant_encoder_ab(const struct plant *plant, unsigned axis);
bool plant_home_switch(const struct plant *plant, unsigned axis);
uint8_t plant_end_switch(const struct plant *plant, unsigned axis);
bool plant_flat_switch(const struct plant *plant);
bool plant_emergency_stop(const struct plant *plant); /* pressed */
bool plant_wind_contact(const struct plant *plant);   /* closed, which is calm: a cut wire is wind */

/* Make something go wrong, or right again: azimuth_jammed, elevation_jammed, azimuth_reversed,
 * elevation_reversed, azimuth_home_dead, elevation_home_dead, azimuth_end_stop, elevation_end_stop (a stuck
 * switch), emergency_stop, wind_contact (wind). False: no such name. */
bool plant_inject(struct plant *plant, const char *name, bool on);

#endif
