/* The bench under a board: its time, its serial line (a pty), its mechanics and its control channel.
 *
 * One bench serves two kinds of board, chosen at link time: the firmware built for this PC
 * (board/host) and the firmware on an emulated ATmega328P (avr_board.c). Either implements the functions
 * below. The bench never calls them from a signal or another thread.
 */
#ifndef SUNFLOWER_BENCH_H
#define SUNFLOWER_BENCH_H

#include <stdbool.h>
#include <stdint.h>

#include "eeprom.h"
#include "plant.h"

enum {
    BENCH_SLICE_US = 50,          /* finer than an encoder edge at 20,000 counts a second */
    BENCH_LONGEST_SLICE_US = 1000 /* while nothing turns */
};

/* As schema.ResetCause. */
enum bench_cause { BENCH_POWER_ON, BENCH_EXTERNAL, BENCH_WATCHDOG, BENCH_BROWN_OUT };

struct bench {
    struct plant plant;
    struct eeprom eeprom;
    uint64_t now_us;      /* since the program's start; goes on while the power is off */
    uint32_t overruns;    /* bytes lost because the board did not fetch them in time */
    uint32_t seed;        /* of whatever is random */
    const char *firmware; /* path of the chip's ELF file; empty for the host build */
};

/* The board's part. */

/* Once, before anything else. False when it cannot work; it has said why on stderr. */
bool board_init(struct bench *bench);

/* Begin at the reset vector. All state of the firmware is as after its own initialisation; memory that it
 * does not initialise is garbage after BENCH_POWER_ON and BENCH_BROWN_OUT. */
void board_start(struct bench *bench, enum bench_cause cause);

/* Run the firmware for so long (at most BENCH_SLICE_US while something turns). Sensors
 * are read from bench->plant, motors driven by plant_drive, the EEPROM is bench->eeprom. The bench itself
 * advances the plant, afterwards. A board that resets itself (watchdog) goes on by itself. */
void board_run_us(struct bench *bench, uint32_t us);

/* The power is gone: outputs are off. The bench sees to the EEPROM's half-written byte. */
void board_stop(struct bench *bench);

/* A byte has arrived, at the line's own pace. */
void board_hear(struct bench *bench, uint8_t byte);

/* The main loop spins for ever from now on, interrupts go on: only the watchdog ends it. */
void board_hang(struct bench *bench);

/* The bench's part. */

/* The board says a byte on the line. */
void bench_say(struct bench *bench, uint8_t byte);

/* The next number of a seeded series, for whatever is random. */
uint32_t bench_random(struct bench *bench);

#endif
