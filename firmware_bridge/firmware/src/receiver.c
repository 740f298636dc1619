#include "receiver.h"

#include "crc32c.h"
#include "messages.h"

enum { NOT_STUFFED = 255 };

/* In place: what comes out is shorter than what went in. Returns the plain size, or NOT_STUFFED when the
 * length bytes do not add up (Cheshire and Baker, IEEE/ACM Trans. Networking 7(2), 1999, section III). */
static uint8_t unstuff(uint8_t *bytes, uint8_t size)
{
    uint8_t from = 0, to = 0;
    while (from < size) {
        uint8_t run = bytes[from++];
        if (run - 1 > size - from)
            return NOT_STUFFED;
        while (--run)
            bytes[to++] = bytes[from++];
        if (from < size)
            bytes[to++] = 0;
    }
    return to;
}

static enum drop checked(struct receiver *receiver, uint8_t *contents_bytes)
{
    if (receiver->size > LONGEST_STUFFED)
        return TOO_LONG;
    const uint8_t size = unstuff(receiver->held, receiver->size);
    if (size == NOT_STUFFED)
        return BAD_STUFFING;
    if (size < HEADER_BYTES + CHECKSUM_BYTES)
        return TOO_SHORT;
    const uint8_t contents = (uint8_t)(size - CHECKSUM_BYTES);
    if (crc32c(0, receiver->held, contents) != wire_read_u32(receiver->held + contents))
        return BAD_CHECKSUM;
    if (receiver->held[0] > LAST_ADDRESS)
        return NO_SUCH_ADDRESS;
    const uint8_t wanted = message_bytes(receiver->held[2]);
    if (wanted != UNKNOWN_LENGTH && wanted != contents - HEADER_BYTES)
        return WRONG_LENGTH;
    *contents_bytes = contents;
    return DROPS;
}

static uint8_t ended(struct receiver *receiver)
{
    uint8_t contents_bytes = 0;
    const enum drop drop = checked(receiver, &contents_bytes);
    if (drop != DROPS && receiver->dropped[drop] < UINT16_MAX)
        receiver->dropped[drop]++;
    receiver->size = 0;
    return contents_bytes;
}

uint8_t receiver_take(struct receiver *receiver, uint8_t byte)
{
    if (byte == 0)
        return receiver->size ? ended(receiver) : 0;
    if (receiver->size < LONGEST_STUFFED)
        receiver->held[receiver->size++] = byte;
    else
        receiver->size = LONGEST_STUFFED + 1;
    return 0;
}
