/* The EEPROM's registers, timed as in the datasheet (DS40002061B, section 8.6.3). */
#include "avr_chip.h"

#include <stddef.h>

enum {
    EECR = 0x3f, EEDR = 0x40, EEARL = 0x41, EEARH = 0x42, /* data addresses */
    EERE = 1 << 0, EEPE = 1 << 1, EEMPE = 1 << 2, EERIE = 1 << 3, EEPM = 3 << 4,
    EEPM_AT = 4, MASTER_CYCLES = 4, READ_CYCLES = 4, WRITE_CYCLES = 2
};

static uint16_t address(const avr_t *avr)
{
    return (uint16_t)((avr->data[EEARL] | avr->data[EEARH] << 8) % EEPROM_BYTES);
}

static bool busy(struct chip *chip)
{
    return eeprom_busy(&chip->bench->eeprom, chip_now_us(chip));
}

static avr_cycle_count_t master_over(avr_t *avr, avr_cycle_count_t when, void *param)
{
    (void)when, (void)param;
    avr->data[EECR] &= (uint8_t)~EEMPE;
    return 0;
}

/* The interrupt is a level: it comes again as long as it is enabled and nothing is being written. */
static avr_cycle_count_t tell_ready(avr_t *avr, avr_cycle_count_t when, void *param)
{
    struct chip *chip = param;
    (void)when;
    if ((avr->data[EECR] & EERIE) == 0)
        return 0;
    if (!busy(chip))
        avr_raise_interrupt(avr, chip->memory_ready);
    return avr->cycle + CHIP_CYCLES_PER_US;
}

static void begin_write(struct chip *chip)
{
    static const enum eeprom_mode MODES[4] = {EEPROM_ERASE_AND_WRITE, EEPROM_ERASE, EEPROM_WRITE};
    avr_t *avr = chip->avr;
    enum eeprom_mode mode = MODES[(avr->data[EECR] & EEPM) >> EEPM_AT];
    eeprom_begin(&chip->bench->eeprom, mode, address(avr), avr->data[EEDR], chip_now_us(chip));
    avr->cycle += WRITE_CYCLES;
}

static void write_control(avr_t *avr, avr_io_addr_t at, uint8_t value, void *param)
{
    struct chip *chip = param;
    bool master = avr->data[at] & EEMPE;
    avr->data[at] = value & (EERIE | EEPM | EEMPE);
    if (master && value & EEPE && !busy(chip)) {
        avr->data[at] &= (uint8_t)~EEMPE;
        begin_write(chip);
    } else if (value & EEMPE) {
        avr_cycle_timer_register(avr, MASTER_CYCLES, master_over, chip);
    }
    if (value & EERE && !busy(chip)) {
        avr->data[EEDR] = chip->bench->eeprom.bytes[address(avr)];
        avr->cycle += READ_CYCLES;
    }
    if (value & EERIE)
        avr_cycle_timer_register(avr, 1, tell_ready, chip);
}

static uint8_t read_control(avr_t *avr, avr_io_addr_t at, void *param)
{
    return (uint8_t)((avr->data[at] & ~EEPE) | (busy(param) ? EEPE : 0)); /* libsimavr keeps what we return */
}

static avr_int_vector_t *vector_numbered(avr_t *avr, uint8_t number)
{
    for (int i = 0; i < avr->interrupts.vector_count; i++)
        if (avr->interrupts.vector[i]->vector == number)
            return avr->interrupts.vector[i];
    return NULL;
}

void chip_memory_attach(struct chip *chip)
{
    enum { EE_READY = 22 };
    avr_t *avr = chip->avr;
    chip->memory_ready = vector_numbered(avr, EE_READY);
    avr->io[AVR_DATA_TO_IO(EECR)].w.c = write_control; /* in place of libsimavr's own */
    avr->io[AVR_DATA_TO_IO(EECR)].w.param = chip;
    avr->io[AVR_DATA_TO_IO(EECR)].r.c = read_control;
    avr->io[AVR_DATA_TO_IO(EECR)].r.param = chip;
}
