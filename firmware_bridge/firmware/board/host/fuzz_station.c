/* A whole head on its bench. Input as it is never turns a motor; input put into frames with good checksums may,
 * but a motor is never driven before the memory says so, nor while the drive is off or the button pressed.
 */
#include <stdlib.h>

#include "host.h"
#include "library.h"
#include "messages.h"

enum { AS_IT_IS, IN_FRAMES, KINDS, SLICE_US = 2000, PAUSE_US = 200000, PARTS = 64 };

int LLVMFuzzerInitialize(int *count, char ***arguments);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
    (void)count, (void)arguments;
    if (!sf_bench(0, NULL))
        abort();
    sf_keep();
    return 0;
}

static void check(bool driven_allowed)
{
    const struct head *head = &host_firmware()->head;
    if (sf_was_careless() || (sf_driven() && (!driven_allowed || head->fault || head->switches.emergency_stop)))
        abort();
}

static void hear_as_it_is(const uint8_t *bytes, size_t size)
{
    sf_hear(bytes, size);
    sf_run_us(PAUSE_US + 100 * size);
    check(false);
}

/* Each part: a message's id, how long to wait afterwards, and its payload, as long as it must be. */
static void hear_in_frames(const uint8_t *bytes, size_t size)
{
    uint8_t contents[HEADER_BYTES + LONGEST_PAYLOAD] = {FIRST_ADDRESS}, frame[LONGEST_FRAME];
    for (size_t at = 0, part = 0; at + 2 < size && part < PARTS; part++) {
        const uint8_t id = bytes[at] & 0x3f, wait = bytes[at + 1];
        size_t length = message_bytes(id) == UNKNOWN_LENGTH ? 0 : message_bytes(id);
        contents[1] = (uint8_t)part;
        contents[2] = id;
        for (size_t i = 0; i < length; i++)
            contents[HEADER_BYTES + i] = at + 2 + i < size ? bytes[at + 2 + i] : 0;
        at += 2 + length;
        sf_hear(frame, (size_t)sf_frame(contents, HEADER_BYTES + length, frame));
        sf_run_us((uint64_t)SLICE_US * wait);
        check(true);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    sf_return(1);
    sf_power_on(RESET_CAUSE_POWER_ON);
    sf_run_us(PAUSE_US);
    if (size > 0 && bytes[0] % KINDS == AS_IT_IS)
        hear_as_it_is(bytes + 1, size - 1);
    else if (size > 0)
        hear_in_frames(bytes + 1, size - 1);
    return 0;
}
