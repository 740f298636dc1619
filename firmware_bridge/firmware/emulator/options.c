#include "rig.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum kind { TEXT, WHOLE, FLAG, UNSIGNED, REAL };

#define OPTION(name) offsetof(struct options, name)
#define AXIS(i, name) (offsetof(struct options, plant.axis[i]) + offsetof(struct plant_axis_config, name))
#define BOTH(prefix, i) \
    {prefix "start_counts", REAL, AXIS(i, start_counts)}, \
        {prefix "low_stop_counts", REAL, AXIS(i, low_stop_counts)}, \
        {prefix "high_stop_counts", REAL, AXIS(i, high_stop_counts)}, \
        {prefix "end_switch_counts", REAL, AXIS(i, end_switch_counts)}, \
        {prefix "home_counts", REAL, AXIS(i, home_counts)}, \
        {prefix "play_counts", REAL, AXIS(i, play_counts)}, \
        {prefix "full_rate_counts_s", REAL, AXIS(i, full_rate_counts_s)}, \
        {prefix "lag_s", REAL, AXIS(i, lag_s)}, \
        {prefix "coast_s", REAL, AXIS(i, coast_s)}

static const struct option {
    const char *name;
    enum kind kind;
    size_t at;
} OPTIONS[] = {
    {"link", TEXT, OPTION(link)},
    {"eeprom", TEXT, OPTION(eeprom)},
    {"firmware", TEXT, OPTION(firmware)},
    {"lockstep", FLAG, OPTION(lockstep)},
    {"address", UNSIGNED, OPTION(address)},
    {"serial", WHOLE, OPTION(serial)},
    {"seed", WHOLE, OPTION(seed)},
    {"flat_counts", REAL, OPTION(plant.flat_counts)},
    BOTH("azimuth_", PLANT_AZIMUTH),
    BOTH("elevation_", PLANT_ELEVATION),
};

/* As the Python simulator's: 1000 counts/deg, -270 to 270 and 0 to 95 deg, 0.5 and 0.3 deg/s. */
static const struct options DEFAULTS = {
    .link = "",
    .eeprom = "",
    .firmware = "",
    .lockstep = true,
    .address = 1,
    .serial = 1001,
    .seed = 1,
    .plant = {
        .flat_counts = 90000.0,
        .axis = {
            {.low_stop_counts = -272000.0, .high_stop_counts = 272000.0, .end_switch_counts = 500.0,
             .play_counts = 100.0, .full_rate_counts_s = 600.0, .lag_s = 0.1, .coast_s = 0.1},
            {.start_counts = 90000.0, .low_stop_counts = -2000.0, .high_stop_counts = 97000.0,
             .end_switch_counts = 500.0, .play_counts = 100.0, .full_rate_counts_s = 360.0, .lag_s = 0.1,
             .coast_s = 0.1},
        },
    },
};

static bool set(void *at, enum kind kind, const char *text)
{
    char *end = NULL;
    double number = strtod(text, &end);
    if (kind == TEXT)
        memcpy(at, &text, sizeof text);
    else if (*text == '\0' || *end != '\0')
        return false;
    else if (kind == REAL)
        *(double *)at = number;
    else if (kind == FLAG)
        *(bool *)at = number != 0.0;
    else if (kind == UNSIGNED)
        *(unsigned *)at = (unsigned)number;
    else
        *(uint32_t *)at = (uint32_t)number;
    return true;
}

static bool read_one(struct options *options, const char *argument)
{
    const char *equals = strchr(argument, '=');
    size_t length = equals != NULL ? (size_t)(equals - argument) : strlen(argument);
    for (size_t i = 0; i < sizeof OPTIONS / sizeof *OPTIONS; i++)
        if (equals != NULL && strlen(OPTIONS[i].name) == length
            && strncmp(OPTIONS[i].name, argument, length) == 0)
            return set((char *)options + OPTIONS[i].at, OPTIONS[i].kind, equals + 1);
    return false;
}

bool options_read(struct options *options, int count, char **arguments)
{
    *options = DEFAULTS;
    for (int i = 1; i < count; i++)
        if (!read_one(options, arguments[i])) {
            fprintf(stderr, "%s: no such option or value; give KEY=VALUE as in options.c\n", arguments[i]);
            return false;
        }
    return true;
}
