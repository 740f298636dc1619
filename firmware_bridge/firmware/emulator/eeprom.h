/* A chip's EEPROM on a PC: an image on disk, writes that take their time, and bytes cut off half-way. */
#ifndef SUNFLOWER_EEPROM_H
#define SUNFLOWER_EEPROM_H

#include <stdbool.h>
#include <stdint.h>

enum {
    EEPROM_BYTES = 1024,      /* ATmega328P */
    EEPROM_WRITE_US = 3400,   /* erase and write, datasheet DS40002061B, table 8-1 */
    EEPROM_SERIAL_AT = 1020   /* the factory's: serial number, u32 little-endian, in the last four bytes */
};

struct eeprom {
    uint8_t bytes[EEPROM_BYTES];
    uint32_t writes;        /* begun since the start of the program */
    bool busy;              /* a byte is being written */
    uint16_t address;       /* that byte, */
    uint8_t before;         /* what it held, */
    uint64_t begun_us;      /* and since when */
};

/* Reads the image; a file that is missing or short leaves 0xff, as a new chip has. Empty path: none. */
void eeprom_load(struct eeprom *eeprom, const char *path);
bool eeprom_save(const struct eeprom *eeprom, const char *path);

void eeprom_set_serial(struct eeprom *eeprom, uint32_t serial);
void eeprom_begin_write(struct eeprom *eeprom, uint16_t address, uint8_t value, uint64_t now_us);

/* Whether a byte is being written; ends the write when its time is over. */
bool eeprom_busy(struct eeprom *eeprom, uint64_t now_us);

/* The supply is gone. A byte under way is left half erased or half programmed, as `noise` has it. */
void eeprom_cut(struct eeprom *eeprom, uint64_t now_us, uint8_t noise);

#endif
