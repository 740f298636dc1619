/* Contents to a frame: delimiter, stuffed contents and checksum, delimiter. */
#ifndef SUNFLOWER_FRAME_H
#define SUNFLOWER_FRAME_H

#include <stdint.h>

#include "protocol.h"

struct frame {
    uint8_t bytes[LONGEST_FRAME];
    uint8_t size;
};

/* The checksum is written behind the contents (address to payload): leave it room. */
void frame_around(struct frame *frame, uint8_t *contents, uint8_t size);

#endif
