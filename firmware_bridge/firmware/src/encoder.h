/* Quadrature, all four edges: small enough for an interrupt. A leads B while the counts rise. */
#ifndef SUNFLOWER_ENCODER_H
#define SUNFLOWER_ENCODER_H

#include <stdint.h>

#include "flash.h"

struct encoder {
    uint16_t counts; /* modulo 65536 */
    uint8_t ab;      /* channels as last seen, A in bit 0, B in bit 1 */
    uint16_t last;   /* the last step, 1 or 65535 */
};

/* By the channels before (bits 2 and 3) and now; 2 means that both have changed and an edge was missed. */
static const uint8_t ENCODER_STEPS[16] IN_FLASH = {
    0, 1, 255, 2,
    255, 0, 2, 1,
    1, 2, 0, 255,
    2, 255, 1, 0,
};

/* A missed edge is taken to go on as before. */
static inline __attribute__((always_inline)) void encoder_see(struct encoder *encoder, uint8_t ab)
{
    const uint8_t step = flash_u8(&ENCODER_STEPS[(uint8_t)(encoder->ab << 2) | ab]);
    encoder->ab = ab;
    if (step == 2) {
        encoder->counts = (uint16_t)(encoder->counts + 2 * encoder->last);
    } else if (step != 0) {
        encoder->last = step == 1 ? 1 : UINT16_MAX;
        encoder->counts = (uint16_t)(encoder->counts + encoder->last);
    }
}

#endif
