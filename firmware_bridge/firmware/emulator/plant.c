#include "plant.h"

#include <math.h>
#include <string.h>

static const double STANDING_COUNTS_S = 0.5; /* chosen: slower is standing still */

static double within(double value, double low, double high)
{
    return value < low ? low : value > high ? high : value;
}

void plant_init(struct plant *plant, const struct plant_config *config)
{
    memset(plant, 0, sizeof *plant);
    plant->config = *config;
    for (unsigned i = 0; i < PLANT_AXES; i++)
        plant->axis[i].motor_counts = plant->axis[i].shaft_counts = config->axis[i].start_counts;
}

void plant_drive(struct plant *plant, unsigned axis, int16_t duty, bool enabled)
{
    struct plant_axis *driven = &plant->axis[axis];
    double share = within((double)duty / PLANT_FULL_DUTY, -1.0, 1.0);
    driven->driven = enabled;
    driven->wanted_counts_s = enabled ? share * plant->config.axis[axis].full_rate_counts_s : 0.0;
    if (driven->reversed)
        driven->wanted_counts_s = -driven->wanted_counts_s;
}

void plant_fold(struct plant *plant, bool folded)
{
    plant->folded = folded;
}

/* The rate nears the wanted one exponentially; the way is its integral, exact for a step of any length. */
static void turn(struct plant_axis *axis, const struct plant_axis_config *config, double dt_s)
{
    double lag_s = axis->driven ? config->lag_s : config->coast_s;
    double left = exp(-dt_s / lag_s);
    double excess = axis->rate_counts_s - axis->wanted_counts_s;
    axis->motor_counts += axis->wanted_counts_s * dt_s + excess * lag_s * (1.0 - left);
    axis->rate_counts_s = axis->wanted_counts_s + excess * left;
    if (axis->wanted_counts_s == 0.0 && fabs(axis->rate_counts_s) < STANDING_COUNTS_S)
        axis->rate_counts_s = 0.0;
}

static void advance_axis(struct plant_axis *axis, const struct plant_axis_config *config, double dt_s)
{
    if (axis->jammed) {
        axis->rate_counts_s = 0.0;
        return;
    }
    turn(axis, config, dt_s);
    double held = within(axis->motor_counts, config->low_stop_counts, config->high_stop_counts);
    if (held != axis->motor_counts) {
        axis->motor_counts = held;
        axis->rate_counts_s = 0.0;
    }
    double play = config->play_counts / 2.0;
    axis->shaft_counts = within(axis->shaft_counts, held - play, held + play);
}

void plant_advance_us(struct plant *plant, double us)
{
    for (unsigned i = 0; i < PLANT_AXES; i++)
        advance_axis(&plant->axis[i], &plant->config.axis[i], us / 1e6);
}

bool plant_turning(const struct plant *plant)
{
    for (unsigned i = 0; i < PLANT_AXES; i++)
        if (plant->axis[i].rate_counts_s != 0.0 || plant->axis[i].wanted_counts_s != 0.0)
            return true;
    return false;
}

uint8_t plant_encoder_ab(const struct plant *plant, unsigned axis)
{
    static const uint8_t GRAY[] = {0, 1, 3, 2};
    return GRAY[(unsigned)(long long)floor(plant->axis[axis].motor_counts) & 3u];
}

bool plant_home_switch(const struct plant *plant, unsigned axis)
{
    const struct plant_axis *at = &plant->axis[axis];
    return at->shaft_counts <= plant->config.axis[axis].home_counts && !at->home_dead;
}

uint8_t plant_end_switch(const struct plant *plant, unsigned axis)
{
    const struct plant_axis_config *config = &plant->config.axis[axis];
    double shaft = plant->axis[axis].shaft_counts;
    if (plant->axis[axis].end_stuck)
        return PLANT_END_LOW | PLANT_END_HIGH;
    if (shaft <= config->low_stop_counts + config->end_switch_counts)
        return PLANT_END_LOW;
    return shaft >= config->high_stop_counts - config->end_switch_counts ? PLANT_END_HIGH : 0;
}

bool plant_flat_switch(const struct plant *plant)
{
    return plant->axis[PLANT_ELEVATION].shaft_counts >= plant->config.flat_counts;
}

bool plant_emergency_stop(const struct plant *plant)
{
    return plant->emergency_stop;
}

bool plant_wind_contact(const struct plant *plant)
{
    return !plant->wind_contact;
}

static bool *switch_named(struct plant *plant, const char *name)
{
    struct plant_axis *azimuth = &plant->axis[PLANT_AZIMUTH], *elevation = &plant->axis[PLANT_ELEVATION];
    const struct {
        const char *name;
        bool *what;
    } switches[] = {
        {"azimuth_jammed", &azimuth->jammed},       {"elevation_jammed", &elevation->jammed},
        {"azimuth_reversed", &azimuth->reversed},   {"elevation_reversed", &elevation->reversed},
        {"azimuth_home_dead", &azimuth->home_dead}, {"elevation_home_dead", &elevation->home_dead},
        {"azimuth_end_stop", &azimuth->end_stuck},  {"elevation_end_stop", &elevation->end_stuck},
        {"emergency_stop", &plant->emergency_stop}, {"wind_contact", &plant->wind_contact},
    };
    for (size_t i = 0; i < sizeof switches / sizeof *switches; i++)
        if (strcmp(switches[i].name, name) == 0)
            return switches[i].what;
    return NULL;
}

bool plant_inject(struct plant *plant, const char *name, bool on)
{
    bool *what = switch_named(plant, name);
    if (what == NULL)
        return false;
    *what = on;
    return true;
}
