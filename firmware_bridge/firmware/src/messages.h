/* What a request is like, by its id: from the schema's table, kept in flash. */
#ifndef SUNFLOWER_MESSAGES_H
#define SUNFLOWER_MESSAGES_H

#include <stdint.h>

#include "protocol.h"

enum { UNKNOWN_LENGTH = 255 };

/* How long the payload of a message must be; UNKNOWN_LENGTH for an id that is not in the protocol. */
uint8_t message_bytes(uint8_t id);

/* TRAIT_* bits of a request; none for what is not in the protocol. */
uint8_t request_traits(uint8_t id);

#endif
