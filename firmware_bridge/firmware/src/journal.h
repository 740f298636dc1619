/* Where the head stood and in what condition, kept through power loss: a ring of records in the EEPROM.
 *
 * A record is whole when its checksum is; the newest whole one counts. Beside its checksum stand its marks,
 * a byte each, clear at first and set by one short write: MOVING before the motor starts, HELD when somebody
 * says stop. A byte cut off half-way reads as set unless it still reads clear, and then the motor had not
 * started. So marks only ever make a restart more careful; to be less careful takes a new record, which
 * counts from its last byte on.
 */
#ifndef SUNFLOWER_JOURNAL_H
#define SUNFLOWER_JOURNAL_H

#include "board.h"
#include "memory.h"

enum {
    MARK_MOVING = 1 << 0, /* or was, when the power went: where it is, nobody knows */
    MARK_UNTRUSTED = 1 << 1,
    MARK_HELD = 1 << 2,
    MARK_DRIVE_OFF = 1 << 3,
    MARK_FOLDED = 1 << 4,
    MARKS = 5
};

struct record {
    int32_t counts[AXES];
    uint16_t boots;
    uint8_t marks;
};

enum { RECORD_BYTES = MARKS + 2 + 2 + 4 * AXES + 4 };

struct journal {
    struct record stored;  /* for good */
    struct record writing; /* on its way into the next slot */
    uint8_t image[RECORD_BYTES];
    uint8_t written; /* bytes of the image; RECORD_BYTES while none is on its way */
    uint8_t slot;    /* of the stored record */
    uint16_t sequence;
    uint8_t marking; /* the mark that is being set */
    uint8_t failures;
    bool spoilt; /* the stored record took no mark: a new one is needed */
    struct memory_write write;
};

enum found journal_load(struct journal *journal);

/* Whether all that is wanted is stored for good. */
bool journal_holds(const struct journal *journal, const struct record *wanted);

/* Goes on toward what is wanted, one byte a call; only while the memory is not busy. False when there is
 * nothing to do. */
bool journal_step(struct journal *journal, const struct record *wanted);

/* Slot after slot did not read back: it has given up, until it is told to try again. */
bool journal_failed(const struct journal *journal);
void journal_try_again(struct journal *journal);

#endif
