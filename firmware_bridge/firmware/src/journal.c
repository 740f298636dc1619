#include "journal.h"

#include "crc32c.h"
#include "numbers.h"
#include "protocol.h"

enum {
    CHECKED_AT = MARKS, /* marks lie outside the checksum: they are set later */
    CHECKED_BYTES = RECORD_BYTES - MARKS - 4,
    FAILURES_MOST = 8,
    DRIFT_COUNTS = 2, /* an encoder that trembles on an edge writes no record */
    MARK_SET = 0
};

static uint16_t address_of(uint8_t slot)
{
    return (uint16_t)(JOURNAL_AT + slot * RECORD_BYTES);
}

static uint8_t slot_after(uint8_t slot)
{
    return (uint8_t)(slot + 1 == JOURNAL_SLOTS ? 0 : slot + 1);
}

static void put_image(uint8_t *image, const struct record *record, uint16_t sequence)
{
    for (uint8_t i = 0; i < MARKS; i++)
        image[i] = record->marks & 1 << i ? MARK_SET : BLANK;
    uint8_t *checked = image + CHECKED_AT;
    wire_write_u16(checked, sequence);
    wire_write_u16(checked + 2, record->boots);
    wire_write_i32(checked + 4, record->counts[AZIMUTH]);
    wire_write_i32(checked + 8, record->counts[ELEVATION]);
    wire_write_u32(checked + CHECKED_BYTES, crc32c(0, checked, CHECKED_BYTES));
}

static bool image_is_whole(const uint8_t *image)
{
    const uint8_t *checked = image + CHECKED_AT;
    return crc32c(0, checked, CHECKED_BYTES) == wire_read_u32(checked + CHECKED_BYTES);
}

static struct record record_in(const uint8_t *image)
{
    const uint8_t *checked = image + CHECKED_AT;
    struct record record = {.boots = wire_read_u16(checked + 2)};
    record.counts[AZIMUTH] = wire_read_i32(checked + 4);
    record.counts[ELEVATION] = wire_read_i32(checked + 8);
    for (uint8_t i = 0; i < MARKS; i++)
        if (image[i] != BLANK)
            record.marks = (uint8_t)(record.marks | 1 << i);
    return record;
}

/* Sequence numbers wrap; a ring's own lie close together. */
static void take_newer(struct journal *journal, uint8_t slot, bool first)
{
    const uint16_t sequence = wire_read_u16(journal->image + CHECKED_AT);
    if (!first && (int16_t)(sequence - journal->sequence) <= 0)
        return;
    journal->sequence = sequence;
    journal->slot = slot;
    journal->stored = record_in(journal->image);
}

/* One slot that is neither whole nor blank may be the very first record, cut off; two are a loss. */
enum found journal_load(struct journal *journal)
{
    uint8_t whole = 0, torn = 0;
    *journal = (struct journal){.written = RECORD_BYTES, .slot = JOURNAL_SLOTS - 1};
    for (uint8_t slot = 0; slot < JOURNAL_SLOTS; slot++) {
        memory_load(journal->image, address_of(slot), RECORD_BYTES);
        if (image_is_whole(journal->image))
            take_newer(journal, slot, whole++ == 0);
        else if (!memory_is_blank(address_of(slot), RECORD_BYTES))
            torn++;
    }
    journal->spoilt = whole == 0;
    return whole ? FOUND_WHOLE : torn > 1 ? FOUND_LOST : FOUND_NEW;
}

/* Where it is matters only while that is to be trusted. */
static bool same_place(const struct record *one, const struct record *other)
{
    return (other->marks & (MARK_MOVING | MARK_UNTRUSTED)) ||
           (magnitude(one->counts[AZIMUTH] - other->counts[AZIMUTH]) <= DRIFT_COUNTS &&
            magnitude(one->counts[ELEVATION] - other->counts[ELEVATION]) <= DRIFT_COUNTS);
}

static bool says(const struct record *record, const struct record *wanted)
{
    return record->marks == wanted->marks && record->boots == wanted->boots && same_place(record, wanted);
}

bool journal_holds(const struct journal *journal, const struct record *wanted)
{
    return !journal->write.under_way && !journal->spoilt && says(&journal->stored, wanted);
}

bool journal_failed(const struct journal *journal)
{
    return journal->failures == FAILURES_MOST;
}

void journal_try_again(struct journal *journal)
{
    journal->failures = 0;
}

static bool is_writing(const struct journal *journal)
{
    return journal->written < RECORD_BYTES;
}

static void begin_record(struct journal *journal, const struct record *wanted)
{
    journal->writing = *wanted;
    put_image(journal->image, wanted, (uint16_t)(journal->sequence + 1));
    journal->written = 0;
}

static void end_record(struct journal *journal)
{
    journal->stored = journal->writing;
    journal->slot = slot_after(journal->slot);
    journal->sequence++;
    journal->failures = 0;
    journal->spoilt = false;
}

static void begin_mark(struct journal *journal, uint8_t missing)
{
    uint8_t index = 0;
    while (!(missing & 1 << index))
        index++;
    journal->marking = (uint8_t)(1 << index);
    memory_begin(&journal->write, (uint16_t)(address_of(journal->slot) + index), MARK_SET);
}

/* A byte that took nothing: the slot is passed over, its record written anew in the next. */
static void pass_over(struct journal *journal)
{
    if (journal->failures < FAILURES_MOST)
        journal->failures++;
    if (is_writing(journal)) {
        journal->slot = slot_after(journal->slot);
        journal->written = RECORD_BYTES;
    }
    journal->spoilt = true;
}

/* What the byte last begun has become. */
static void settle_byte(struct journal *journal)
{
    if (!journal->write.under_way)
        return;
    if (!memory_end(&journal->write))
        pass_over(journal);
    else if (journal->marking)
        journal->stored.marks = (uint8_t)(journal->stored.marks | journal->marking);
    else if (++journal->written == RECORD_BYTES)
        end_record(journal);
    journal->marking = 0;
}

/* Marks that are missing, and MOVING before a place is given up that the stored record vouches for. */
static uint8_t marks_missing(const struct journal *journal, const struct record *wanted)
{
    uint8_t careful = wanted->marks;
    if (!same_place(&journal->stored, wanted))
        careful |= MARK_MOVING;
    return journal->spoilt ? 0 : (uint8_t)(careful & ~journal->stored.marks);
}

bool journal_step(struct journal *journal, const struct record *wanted)
{
    settle_byte(journal);
    if (journal_failed(journal))
        return false;
    const uint8_t missing = marks_missing(journal, wanted);
    if (is_writing(journal) && !says(&journal->writing, wanted))
        journal->written = RECORD_BYTES; /* given up: without its checksum it never was */
    if (missing && !is_writing(journal)) {
        begin_mark(journal, missing);
        return true;
    }
    if (!is_writing(journal) && journal_holds(journal, wanted))
        return false;
    if (!is_writing(journal))
        begin_record(journal, wanted);
    const uint16_t slot_at = address_of(slot_after(journal->slot));
    memory_begin(&journal->write, (uint16_t)(slot_at + journal->written), journal->image[journal->written]);
    return true;
}
