#include "parameters.h"

#include "board.h"
#include "crc32c.h"

#define KNOWN_OPTIONS (OPTION_WIND_CONTACT | OPTION_FOLD_WHEN_STOWED | OPTION_FAULT_REPORTS)

/* A bench head of 1000 counts a degree, as the Python simulator's; a site sends its own. */
void parameters_default(struct wire_parameter_block *parameters)
{
    *parameters = (struct wire_parameter_block){
        .azimuth_min_counts = -270000,
        .azimuth_max_counts = 270000,
        .elevation_min_counts = 0,
        .elevation_max_counts = 95000,
        .azimuth_rate_max_counts_s = 500,
        .elevation_rate_max_counts_s = 300,
        .azimuth_acceleration_counts_s2 = 500,
        .elevation_acceleration_counts_s2 = 500,
        .stow_elevation_counts = 90000,
        .nudge_max_counts = 2000,
        .lease_ms = 5000,
    };
}

struct axis_limits axis_limits(const struct wire_parameter_block *parameters, uint8_t axis)
{
    if (axis == AZIMUTH)
        return (struct axis_limits){
            parameters->azimuth_min_counts, parameters->azimuth_max_counts, parameters->azimuth_home_counts,
            parameters->azimuth_rate_max_counts_s, parameters->azimuth_acceleration_counts_s2};
    return (struct axis_limits){
        parameters->elevation_min_counts, parameters->elevation_max_counts, parameters->elevation_home_counts,
        parameters->elevation_rate_max_counts_s, parameters->elevation_acceleration_counts_s2};
}

static bool within(uint32_t value, uint32_t most)
{
    return value > 0 && value <= most;
}

static bool axis_possible(const struct axis_limits *limits)
{
    return -FARTHEST_COUNTS <= limits->min_counts && limits->min_counts < limits->max_counts &&
           limits->max_counts <= FARTHEST_COUNTS && limits->min_counts <= limits->home_counts &&
           limits->home_counts <= limits->max_counts && within(limits->rate_counts_s, FASTEST_COUNTS_S) &&
           within(limits->acceleration_counts_s2, STEEPEST_COUNTS_S2);
}

bool parameters_possible(const struct wire_parameter_block *parameters)
{
    const struct axis_limits azimuth = axis_limits(parameters, AZIMUTH);
    const struct axis_limits elevation = axis_limits(parameters, ELEVATION);
    return axis_possible(&azimuth) && axis_possible(&elevation) &&
           elevation.min_counts <= parameters->stow_elevation_counts &&
           parameters->stow_elevation_counts <= elevation.max_counts &&
           within(parameters->nudge_max_counts, (uint32_t)FARTHEST_COUNTS) &&
           within(parameters->lease_ms, LONGEST_LEASE_MS) && (parameters->options & ~KNOWN_OPTIONS) == 0;
}

uint32_t parameters_hash(const struct wire_parameter_block *parameters)
{
    uint8_t wire[PARAMETERS_BYTES];
    wire_parameter_block_write(wire, parameters);
    return crc32c(0, wire, sizeof wire);
}
