/* Address and parameters, kept through power loss: two slots in the EEPROM, written in turn.
 *
 * A slot has a layout version, a generation and a checksum; the newer whole one counts.
 */
#ifndef SUNFLOWER_SETTINGS_H
#define SUNFLOWER_SETTINGS_H

#include "memory.h"
#include "protocol.h"

enum { SETTINGS_LAYOUT = 1, SETTINGS_BYTES = 3 + PARAMETERS_BYTES + 4 };

struct settings {
    struct wire_parameter_block parameters;
    uint8_t address;
    uint8_t generation; /* of the stored ones; wraps */
    uint8_t slot;       /* of the stored ones */
    bool changed;       /* since writing began, or never written */
    uint8_t image[SETTINGS_BYTES];
    uint8_t written; /* bytes of the image; SETTINGS_BYTES while none is on its way */
    uint8_t failures;
    struct memory_write write;
};

/* Nothing whole: defaults. */
enum found settings_load(struct settings *settings);

/* Goes on storing what was changed, one byte a call; only while the memory is not busy. False when there is
 * nothing to do. */
bool settings_step(struct settings *settings);
bool settings_failed(const struct settings *settings);
void settings_try_again(struct settings *settings);

#endif
