#include "eeprom.h"

#include <stdio.h>
#include <string.h>

void eeprom_load(struct eeprom *eeprom, const char *path)
{
    memset(eeprom, 0, sizeof *eeprom);
    memset(eeprom->bytes, 0xff, sizeof eeprom->bytes);
    FILE *image = *path ? fopen(path, "rb") : NULL;
    if (image == NULL)
        return;
    if (fread(eeprom->bytes, 1, sizeof eeprom->bytes, image) != sizeof eeprom->bytes)
        fprintf(stderr, "%s: shorter than %d bytes; the rest is as new\n", path, EEPROM_BYTES);
    fclose(image);
}

bool eeprom_save(const struct eeprom *eeprom, const char *path)
{
    if (!*path)
        return true;
    FILE *image = fopen(path, "wb");
    bool whole = image != NULL && fwrite(eeprom->bytes, 1, EEPROM_BYTES, image) == EEPROM_BYTES;
    return (image == NULL || fclose(image) == 0) && whole;
}

void eeprom_set_serial(struct eeprom *eeprom, uint32_t serial)
{
    for (unsigned i = 0; i < sizeof serial; i++)
        eeprom->bytes[EEPROM_SERIAL_AT + i] = (uint8_t)(serial >> (8 * i));
}

void eeprom_begin_write(struct eeprom *eeprom, uint16_t address, uint8_t value, uint64_t now_us)
{
    uint16_t place = address % EEPROM_BYTES;
    eeprom->busy = true;
    eeprom->address = place;
    eeprom->before = eeprom->bytes[place];
    eeprom->begun_us = now_us;
    eeprom->bytes[place] = value;
    eeprom->writes++;
}

bool eeprom_busy(struct eeprom *eeprom, uint64_t now_us)
{
    if (eeprom->busy && now_us - eeprom->begun_us >= EEPROM_WRITE_US)
        eeprom->busy = false;
    return eeprom->busy;
}

/* A write erases first (bits rise to one), then programs (bits fall to the value), half the time each. */
void eeprom_cut(struct eeprom *eeprom, uint64_t now_us, uint8_t noise)
{
    if (!eeprom_busy(eeprom, now_us))
        return;
    uint8_t *cell = &eeprom->bytes[eeprom->address];
    bool erasing = now_us - eeprom->begun_us < EEPROM_WRITE_US / 2;
    *cell = (uint8_t)((erasing ? eeprom->before : *cell) | noise);
    eeprom->busy = false;
}
