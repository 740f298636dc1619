/* CRC-32C (Castagnoli), reflected, start and final value all ones (RFC 3720, 12.1). */
#ifndef SUNFLOWER_CRC32C_H
#define SUNFLOWER_CRC32C_H

#include <stdint.h>

/* Over pieces: start with 0, hand on what comes back. */
uint32_t crc32c(uint32_t so_far, const uint8_t *bytes, uint16_t size);

#endif
