#include "rig.h"

#include <string.h>

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

uint32_t bench_random(struct bench *bench)
{
    uint32_t x = bench->seed ? bench->seed : 1; /* xorshift, G. Marsaglia, J. Stat. Softw. 8 (14), 2003 */
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    return bench->seed = x;
}

void bench_say(struct bench *bench, uint8_t byte)
{
    struct rig *rig = (struct rig *)bench;
    rig->last_byte_us = bench->now_us;
    if (!rig->silent && rig->said_count < RIG_QUEUE)
        rig->said[rig->said_count++] = byte;
}

void rig_power_on(struct rig *rig, enum bench_cause cause)
{
    rig->powered = true;
    board_start(&rig->bench, cause);
}

void rig_power_off(struct rig *rig)
{
    if (!rig->powered)
        return;
    struct bench *bench = &rig->bench;
    board_stop(bench);
    eeprom_cut(&bench->eeprom, bench->now_us, (uint8_t)bench_random(bench));
    for (unsigned axis = 0; axis < PLANT_AXES; axis++)
        plant_drive(&bench->plant, axis, 0, false);
    plant_fold(&bench->plant, false);
    rig->powered = false;
    rig->cut.armed = false;
    rig->incoming_count = rig->said_count = 0;
    eeprom_save(&bench->eeprom, rig->options.eeprom);
}

static uint32_t slice_us(const struct rig *rig, uint64_t until_us)
{
    bool fine = plant_turning(&rig->bench.plant) || rig->cut.armed;
    uint64_t end_us = least(until_us, rig->bench.now_us + (fine ? BENCH_SLICE_US : BENCH_LONGEST_SLICE_US));
    if (rig->incoming_count > 0)
        end_us = least(end_us, rig->next_byte_us);
    if (rig->cut.armed)
        end_us = least(end_us, rig->cut.at_us);
    return end_us > rig->bench.now_us ? (uint32_t)(end_us - rig->bench.now_us) : 0;
}

static void deliver_byte(struct rig *rig)
{
    struct bench *bench = &rig->bench;
    if (rig->incoming_count == 0 || bench->now_us < rig->next_byte_us)
        return;
    if (rig->powered && !rig->silent)
        board_hear(bench, rig->incoming[0]);
    memmove(rig->incoming, rig->incoming + 1, --rig->incoming_count);
    rig->last_byte_us = bench->now_us;
    rig->next_byte_us += RIG_BYTE_US;
}

static void see_to_cut(struct rig *rig)
{
    struct cut *cut = &rig->cut;
    const struct eeprom *eeprom = &rig->bench.eeprom;
    if (cut->armed && cut->at_us == UINT64_MAX && eeprom->writes >= cut->in_write)
        cut->at_us = eeprom->begun_us + (uint64_t)(cut->into * eeprom_takes_us(eeprom->mode));
    if (cut->armed && rig->bench.now_us >= cut->at_us)
        rig_power_off(rig);
}

static void step(struct rig *rig, uint64_t until_us)
{
    struct bench *bench = &rig->bench;
    uint32_t us = slice_us(rig, until_us);
    if (rig->powered && us > 0)
        board_run_us(bench, us);
    plant_advance_us(&bench->plant, us);
    bench->now_us += us;
    eeprom_busy(&bench->eeprom, bench->now_us);
    deliver_byte(rig);
    see_to_cut(rig);
}

static void send_said(struct rig *rig)
{
    if (rig->said_count > 0)
        pty_write(&rig->pty, rig->said, rig->said_count);
    rig->said_count = 0;
}

void rig_run_until(struct rig *rig, uint64_t us)
{
    while (rig->bench.now_us < us)
        step(rig, us);
    send_said(rig);
}

bool rig_listen(struct rig *rig)
{
    size_t room = RIG_QUEUE - rig->incoming_count;
    size_t got = pty_read(&rig->pty, rig->incoming + rig->incoming_count, room);
    if (rig->incoming_count == 0)
        rig->next_byte_us = rig->bench.now_us + RIG_BYTE_US;
    rig->incoming_count += got;
    rig->bytes_received += got;
    return got > 0;
}

void rig_settle(struct rig *rig)
{
    struct bench *bench = &rig->bench;
    uint64_t latest_us = bench->now_us + RIG_SETTLE_US;
    rig->last_byte_us = bench->now_us;
    while (rig->powered && bench->now_us < latest_us
           && (rig->incoming_count > 0 || bench->now_us < rig->last_byte_us + RIG_QUIET_US))
        step(rig, latest_us);
    if (!rig->powered)
        rig->incoming_count = 0;
    send_said(rig);
}
