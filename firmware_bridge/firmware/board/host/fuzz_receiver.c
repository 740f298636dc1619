/* Any bytes: nothing past the receiver's buffer, and what it accepts has the shape that it promises. */
#include <stdlib.h>

#include "messages.h"
#include "receiver.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct receiver receiver = {0};
    for (size_t i = 0; i < size; i++) {
        const uint8_t contents = receiver_take(&receiver, bytes[i]);
        const uint8_t wanted = contents ? message_bytes(receiver.held[2]) : 0;
        if (contents && wanted != UNKNOWN_LENGTH && contents != HEADER_BYTES + wanted)
            abort();
    }
    return 0;
}
