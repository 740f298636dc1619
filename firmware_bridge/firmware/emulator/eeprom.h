/* A chip's EEPROM on a PC: an image on disk, writes that take their time, and bytes cut off half-way. */
#ifndef SUNFLOWER_EEPROM_H
#define SUNFLOWER_EEPROM_H

#include <stdbool.h>
#include <stdint.h>

enum {
    EEPROM_BYTES = 1024,      /* ATmega328P */
    EEPROM_SERIAL_AT = 1020   /* the factory's: serial number, u32 little-endian, in the last four bytes */
};

/* How a byte is written, as EEPM1 and EEPM0 say it; ATmega328P datasheet DS40002061B, section 8.6.3. */
enum eeprom_mode {
    EEPROM_ERASE_AND_WRITE, /* 3.4 ms */
    EEPROM_ERASE,           /* 1.8 ms, leaves 0xff */
    EEPROM_WRITE            /* 1.8 ms, only takes bits to zero */
};

struct eeprom {
    uint8_t bytes[EEPROM_BYTES];
    uint32_t writes;        /* begun since the start of the program */
    bool busy;              /* a byte is being written */
    enum eeprom_mode mode;
    uint16_t address;       /* that byte, */
    uint8_t before;         /* what it held, */
    uint64_t begun_us;      /* and since when */
};

/* Reads the image; a file that is missing or short leaves 0xff, as a new chip has. Empty path: none. */
void eeprom_load(struct eeprom *eeprom, const char *path);
bool eeprom_save(const struct eeprom *eeprom, const char *path);

void eeprom_set_serial(struct eeprom *eeprom, uint32_t serial);
void eeprom_begin(struct eeprom *eeprom, enum eeprom_mode mode, uint16_t address, uint8_t value,
                  uint64_t now_us);
uint32_t eeprom_takes_us(enum eeprom_mode mode);

/* All but the serial number becomes noise. */
void eeprom_damage(struct eeprom *eeprom, uint8_t noise);

/* Whether a byte is being written; ends the write when its time is over. */
bool eeprom_busy(struct eeprom *eeprom, uint64_t now_us);

/* The supply is gone. A byte under way is left half erased or half programmed, as `noise` has it. */
void eeprom_cut(struct eeprom *eeprom, uint64_t now_us, uint8_t noise);

#endif
