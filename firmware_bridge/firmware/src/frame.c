#include "frame.h"

#include "crc32c.h"

void frame_around(struct frame *frame, uint8_t *contents, uint8_t size)
{
    wire_write_u32(contents + size, crc32c(0, contents, size));
    const uint8_t plain = (uint8_t)(size + CHECKSUM_BYTES);
    uint8_t *run = frame->bytes + 1, *to = run + 1;
    frame->bytes[0] = 0;
    for (uint8_t i = 0; i < plain; i++) {
        if (contents[i] != 0) {
            *to++ = contents[i];
            continue;
        }
        *run = (uint8_t)(to - run);
        run = to++;
    }
    *run = (uint8_t)(to - run);
    *to++ = 0;
    frame->size = (uint8_t)(to - frame->bytes);
}
