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

uint32_t eeprom_takes_us(enum eeprom_mode mode)
{
    return mode == EEPROM_ERASE_AND_WRITE ? 3400 : 1800;
}

void eeprom_begin(struct eeprom *eeprom, enum eeprom_mode mode, uint16_t address, uint8_t value,
                  uint64_t now_us)
{
    uint8_t *cell = &eeprom->bytes[address % EEPROM_BYTES];
    eeprom->busy = true;
    eeprom->mode = mode;
    eeprom->address = address % EEPROM_BYTES;
    eeprom->before = *cell;
    eeprom->begun_us = now_us;
    *cell = mode == EEPROM_ERASE ? 0xff : mode == EEPROM_WRITE ? *cell & value : value;
    eeprom->writes++;
}

void eeprom_damage(struct eeprom *eeprom, uint8_t noise)
{
    for (unsigned i = 0; i < EEPROM_SERIAL_AT; i++)
        eeprom->bytes[i] = noise = (uint8_t)(noise * 5u + 113u);
}

bool eeprom_busy(struct eeprom *eeprom, uint64_t now_us)
{
    if (eeprom->busy && now_us - eeprom->begun_us >= eeprom_takes_us(eeprom->mode))
        eeprom->busy = false;
    return eeprom->busy;
}

/* Erasing takes bits to one, programming then takes them to zero; both at once halve the time. */
void eeprom_cut(struct eeprom *eeprom, uint64_t now_us, uint8_t noise)
{
    if (!eeprom_busy(eeprom, now_us))
        return;
    uint8_t *cell = &eeprom->bytes[eeprom->address];
    bool first_half = now_us - eeprom->begun_us < eeprom_takes_us(eeprom->mode) / 2;
    bool erasing = eeprom->mode == EEPROM_ERASE || (eeprom->mode == EEPROM_ERASE_AND_WRITE && first_half);
    if (erasing)
        *cell = eeprom->before | noise;
    else
        *cell |= eeprom->mode == EEPROM_WRITE ? eeprom->before & noise : noise;
    eeprom->busy = false;
}
