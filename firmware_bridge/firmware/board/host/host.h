/* The host board from inside, for tests. */
#ifndef SUNFLOWER_HOST_H
#define SUNFLOWER_HOST_H

#include "firmware.h"

const struct firmware *host_firmware(void);

/* Starts the firmware again on a chip that has been on for so long. */
void host_set_uptime_ms(uint32_t uptime_ms);

/* Bytes of the memory that take nothing any more. */
void host_wear_out(uint16_t from, uint16_t bytes);

#endif
