#include "settings.h"

#include "crc32c.h"
#include "parameters.h"

enum { SLOTS = 2, FAILURES_MOST = 8 };
enum { GENERATION = 1, ADDRESS = 2, PARAMETERS = 3, CHECKSUM = SETTINGS_BYTES - 4 }; /* places in a slot */

static uint16_t address_of(uint8_t slot)
{
    return (uint16_t)(SETTINGS_AT + slot * SETTINGS_SLOT_BYTES);
}

static bool image_is_whole(const uint8_t *image)
{
    return image[0] == SETTINGS_LAYOUT && crc32c(0, image, CHECKSUM) == wire_read_u32(image + CHECKSUM);
}

static bool slot_is_newer(struct settings *settings, uint8_t slot, bool first)
{
    memory_load(settings->image, address_of(slot), SETTINGS_BYTES);
    if (!image_is_whole(settings->image))
        return false;
    return first || (int8_t)(settings->image[GENERATION] - settings->generation) > 0;
}

static void take(struct settings *settings, uint8_t slot)
{
    settings->slot = slot;
    settings->generation = settings->image[GENERATION];
    settings->address = settings->image[ADDRESS];
    wire_parameter_block_read(&settings->parameters, settings->image + PARAMETERS);
}

/* One slot that is neither whole nor blank may be the very first write, cut off; two are a loss. */
static enum found without_any(struct settings *settings)
{
    settings->address = FIRST_ADDRESS;
    parameters_default(&settings->parameters);
    for (uint8_t slot = 0; slot < SLOTS; slot++)
        if (memory_is_blank(address_of(slot), SETTINGS_BYTES))
            return FOUND_NEW;
    return FOUND_LOST;
}

enum found settings_load(struct settings *settings)
{
    bool any = false;
    *settings = (struct settings){.slot = SLOTS - 1, .written = SETTINGS_BYTES};
    for (uint8_t slot = 0; slot < SLOTS; slot++) {
        if (!slot_is_newer(settings, slot, !any))
            continue;
        take(settings, slot);
        any = true;
    }
    return any ? FOUND_WHOLE : without_any(settings);
}

bool settings_failed(const struct settings *settings)
{
    return settings->failures == FAILURES_MOST;
}

void settings_try_again(struct settings *settings)
{
    settings->failures = 0;
}

static void begin(struct settings *settings)
{
    uint8_t *image = settings->image;
    image[0] = SETTINGS_LAYOUT;
    image[GENERATION] = (uint8_t)(settings->generation + 1);
    image[ADDRESS] = settings->address;
    wire_parameter_block_write(image + PARAMETERS, &settings->parameters);
    wire_write_u32(image + CHECKSUM, crc32c(0, image, CHECKSUM));
    settings->written = 0;
    settings->changed = false;
}

static void end(struct settings *settings)
{
    settings->slot ^= 1;
    settings->generation++;
    settings->failures = 0;
}

static void settle_byte(struct settings *settings)
{
    if (!settings->write.under_way)
        return;
    if (!memory_end(&settings->write)) {
        settings->changed = true;
        settings->failures++;
    } else if (++settings->written == SETTINGS_BYTES) {
        end(settings);
    }
}

bool settings_step(struct settings *settings)
{
    settle_byte(settings);
    if (settings_failed(settings))
        return false;
    if (settings->changed)
        begin(settings);
    if (settings->written == SETTINGS_BYTES)
        return false;
    const uint16_t slot_at = address_of(settings->slot ^ 1);
    memory_begin(&settings->write, (uint16_t)(slot_at + settings->written), settings->image[settings->written]);
    return true;
}
