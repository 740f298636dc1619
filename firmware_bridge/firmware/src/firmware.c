#include "firmware.h"

#include "numbers.h"

enum {
    TURNAROUND_MS = 2, /* a master's driver lets go of the line after its last bit: between 1 and 2 ms */
    LATEST_TICKS = 5   /* so far behind, ticks are lost rather than caught up */
};

static struct senses senses_now(void)
{
    struct senses senses = {.inputs = board_inputs()};
    for (uint8_t axis = 0; axis < AXES; axis++)
        senses.encoder[axis] = board_encoder(axis);
    return senses;
}

void firmware_start(struct firmware *firmware, uint8_t reset_cause)
{
    const struct senses senses = senses_now();
    *firmware = (struct firmware){.tick_ms = board_now_ms()};
    head_start(&firmware->head, reset_cause, &senses, firmware->tick_ms);
}

/* A request to us that comes while an answer waits has not waited for it: only the newer is answered. */
static void listen(struct firmware *firmware, uint32_t now_ms)
{
    uint8_t byte;
    while (board_line_read(&byte)) {
        firmware->heard_ms = now_ms;
        const uint8_t size = receiver_take(&firmware->receiver, byte);
        if (size != 0 && station_hear(&firmware->station, &firmware->head, firmware->receiver.held, size))
            firmware->waiting = true;
    }
}

static void talk(struct firmware *firmware, uint32_t now_ms)
{
    if (board_line_sending())
        return;
    if (!firmware->waiting)
        firmware->waiting = station_speak(&firmware->station, &firmware->head, now_ms);
    if (!firmware->waiting || !has_come(firmware->heard_ms + TURNAROUND_MS, now_ms))
        return;
    firmware->waiting = false;
    board_line_send(firmware->station.said.bytes, firmware->station.said.size);
}

static void show(const struct head *head)
{
    board_drive_enable(head_drive_on(head));
    for (uint8_t axis = 0; axis < AXES; axis++)
        board_drive(axis, head->axis[axis].duty);
    board_fold(head->folded);
}

static bool tick(struct firmware *firmware, uint32_t now_ms)
{
    if (!has_come(firmware->tick_ms + TICK_MS, now_ms))
        return false;
    firmware->tick_ms += TICK_MS;
    if (has_come(firmware->tick_ms + LATEST_TICKS * TICK_MS, now_ms))
        firmware->tick_ms = now_ms;
    const struct senses senses = senses_now();
    head_tick(&firmware->head, &senses, now_ms);
    return true;
}

void firmware_run(struct firmware *firmware)
{
    const uint32_t now_ms = board_now_ms();
    head_look_at_button(&firmware->head, board_inputs());
    if (tick(firmware, now_ms))
        watch_ran(&firmware->watch, PART_TICK);
    listen(firmware, now_ms);
    talk(firmware, now_ms);
    watch_ran(&firmware->watch, PART_LINE);
    show(&firmware->head);
    if (!board_memory_busy())
        head_store(&firmware->head);
    watch_ran(&firmware->watch, PART_MEMORY);
    board_rest();
}
