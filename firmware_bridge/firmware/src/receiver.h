/* Bytes in, checked contents out; everything else is dropped and counted. As wire/receiver.py. */
#ifndef SUNFLOWER_RECEIVER_H
#define SUNFLOWER_RECEIVER_H

#include <stdint.h>

#include "protocol.h"

enum drop { TOO_LONG, BAD_STUFFING, TOO_SHORT, BAD_CHECKSUM, NO_SUCH_ADDRESS, WRONG_LENGTH, DROPS };

/* Holds at most one frame. After any damage it is in step again at the next delimiter. */
struct receiver {
    uint8_t held[LONGEST_STUFFED];
    uint8_t size;            /* one more than fits means that the frame was too long */
    uint16_t dropped[DROPS]; /* and stay at their greatest value */
};

/* How many bytes of checked contents (address to payload) stand at the beginning of `held` until the next
 * byte comes; 0 while no frame has ended. */
uint8_t receiver_take(struct receiver *receiver, uint8_t byte);

#endif
