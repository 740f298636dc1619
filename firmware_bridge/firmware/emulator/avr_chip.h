/* An emulated ATmega328P (libsimavr): what the parts of the board around it share. */
#ifndef SUNFLOWER_AVR_CHIP_H
#define SUNFLOWER_AVR_CHIP_H

#include <simavr/avr_uart.h>
#include <simavr/sim_avr.h>

#include "bench.h"

enum { CHIP_HZ = 16000000, CHIP_CYCLES_PER_US = CHIP_HZ / 1000000 };

struct port {
    char name;
    uint8_t inputs, levels;
    avr_irq_t *pins;
};

struct chip {
    avr_t *avr;
    struct bench *bench;
    avr_uart_t *uart;
    avr_irq_t *heard; /* a byte in */
    struct port port_c, port_d;
    avr_int_vector_t *memory_ready;
    avr_cycle_count_t slice_began; /* the cycle that belongs to bench->now_us */
    avr_cycle_count_t due;         /* the cycle up to which it has been asked to run */
    bool fresh;                    /* it has been reset, by whatever: its inputs must be told again */
};

static inline uint64_t chip_now_us(const struct chip *chip)
{
    return chip->bench->now_us + (chip->avr->cycle - chip->slice_began) / CHIP_CYCLES_PER_US;
}

/* avr_memory.c: libsimavr's EEPROM writes in no time at all, so ours takes its place. */
void chip_memory_attach(struct chip *chip);

/* avr_pins.c: levels of the inputs from the plant, and what the outputs do to it. */
void chip_pins_attach(struct chip *chip);
void chip_pins_apply_inputs(struct chip *chip);
void chip_pins_apply_outputs(struct chip *chip);
bool chip_pins_talking(const struct chip *chip); /* the line's driver is on */

#endif
