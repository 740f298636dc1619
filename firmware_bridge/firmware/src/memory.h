/* Where things stand in the EEPROM, and writing them byte by byte with a look at what has arrived. */
#ifndef SUNFLOWER_MEMORY_H
#define SUNFLOWER_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

enum {
    SETTINGS_AT = 0, /* two slots */
    SETTINGS_SLOT_BYTES = 64,
    JOURNAL_AT = 128, /* a ring */
    JOURNAL_SLOTS = 42,
    SERIAL_AT = 1020, /* u32, written with the program, never by it */
    MEMORY_BYTES = 1024
};

/* The byte last begun. */
struct memory_write {
    uint16_t address;
    uint8_t value;
    bool under_way;
};

enum { BLANK = 0xff };

/* What a load has found. */
enum found { FOUND_WHOLE, FOUND_NEW, FOUND_LOST };

void memory_begin(struct memory_write *write, uint16_t address, uint8_t value);

/* Ends the write, once the memory is not busy; false when the byte does not read back. */
bool memory_end(struct memory_write *write);

void memory_load(uint8_t *to, uint16_t address, uint8_t size);
bool memory_is_blank(uint16_t address, uint8_t size);

#endif
