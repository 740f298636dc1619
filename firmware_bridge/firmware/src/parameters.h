/* What is stored for life: the schema's parameter block, its defaults, and what of it is possible. */
#ifndef SUNFLOWER_PARAMETERS_H
#define SUNFLOWER_PARAMETERS_H

#include <stdbool.h>

#include "protocol.h"

enum {
    /* So fast, the encoder edges of both axes take a third of an ATmega328P (130 cycles each, at 16 MHz). */
    FASTEST_COUNTS_S = 20000
};

/* Sums and differences of positions inside these stay clear of overflow. */
#define FARTHEST_COUNTS INT32_C(0x1fffffff)
#define STEEPEST_COUNTS_S2 UINT32_C(1000000)
#define LONGEST_LEASE_MS UINT32_C(0x7fffffff) /* a deadline farther off would look past */

void parameters_default(struct wire_parameter_block *parameters);
bool parameters_possible(const struct wire_parameter_block *parameters);
uint32_t parameters_hash(const struct wire_parameter_block *parameters);

/* One axis's part, so that axes need not know their names. */
struct axis_limits {
    int32_t min_counts, max_counts, home_counts;
    uint32_t rate_counts_s, acceleration_counts_s2;
};
struct axis_limits axis_limits(const struct wire_parameter_block *parameters, uint8_t axis);

#endif
