#include "library.h"

#include <string.h>

#include "firmware.h"
#include "frame.h"
#include "host.h"
#include "rig.h"

static struct rig rig, kept;
static bool careless;

/* The line: what the rig writes to its pty. */

static uint8_t said[1 << 16];
static size_t said_bytes;

void pty_write(struct pty *pty, const uint8_t *bytes, size_t count)
{
    (void)pty;
    if (count > sizeof said - said_bytes)
        count = sizeof said - said_bytes;
    memcpy(said + said_bytes, bytes, count);
    said_bytes += count;
}

size_t pty_read(struct pty *pty, uint8_t *bytes, size_t size)
{
    (void)pty, (void)bytes, (void)size;
    return 0;
}

void sf_hear(const uint8_t *bytes, size_t size)
{
    if (rig.incoming_count == 0)
        rig.next_byte_us = rig.bench.now_us + RIG_BYTE_US;
    if (size > RIG_QUEUE - rig.incoming_count)
        size = RIG_QUEUE - rig.incoming_count;
    memcpy(rig.incoming + rig.incoming_count, bytes, size);
    rig.incoming_count += size;
}

int sf_said(uint8_t *out, size_t most)
{
    const size_t taken = said_bytes < most ? said_bytes : most;
    memcpy(out, said, taken);
    memmove(said, said + taken, said_bytes -= taken);
    return (int)taken;
}

/* Receiver, frames, profile. */

int sf_receiver_accepts(const uint8_t *bytes, size_t size, uint8_t *out)
{
    struct receiver receiver = {0};
    int accepted = 0;
    for (size_t i = 0; i < size; i++) {
        const uint8_t contents = receiver_take(&receiver, bytes[i]);
        if (contents == 0)
            continue;
        accepted++;
        if (out == NULL)
            continue;
        *out++ = contents;
        memcpy(out, receiver.held, contents);
        out += contents;
    }
    return accepted;
}

void sf_receiver_dropped(const uint8_t *bytes, size_t size, uint16_t *dropped)
{
    struct receiver receiver = {0};
    for (size_t i = 0; i < size; i++)
        receiver_take(&receiver, bytes[i]);
    memcpy(dropped, receiver.dropped, sizeof receiver.dropped);
}

int sf_frame(const uint8_t *contents, size_t size, uint8_t *out)
{
    uint8_t room[LONGEST_CONTENTS + CHECKSUM_BYTES];
    struct frame frame;
    memcpy(room, contents, size);
    frame_around(&frame, room, (uint8_t)size);
    memcpy(out, frame.bytes, frame.size);
    return frame.size;
}

void sf_profile(const int32_t *targets, const int32_t *rates, uint32_t ramp, int32_t ticks, int32_t *positions)
{
    struct profile profile = {0};
    for (int32_t i = 0; i < ticks; i++) {
        profile_go(&profile, targets[i], (uint32_t)rates[i], ramp);
        profile_step(&profile);
        positions[i] = profile.position;
    }
}

/* The bench. */

bool sf_bench(int count, char **options)
{
    rig_power_off(&rig);
    memset(&rig, 0, sizeof rig);
    said_bytes = 0;
    careless = false;
    host_wear_out(0, 0);
    if (!options_read(&rig.options, count, options))
        return false;
    rig.bench.seed = rig.options.seed;
    plant_init(&rig.bench.plant, &rig.options.plant);
    eeprom_load(&rig.bench.eeprom, rig.options.eeprom);
    eeprom_set_serial(&rig.bench.eeprom, rig.options.serial);
    return board_init(&rig.bench);
}

void sf_power_on(int reset_cause)
{
    rig_power_on(&rig, (enum bench_cause)reset_cause);
}

void sf_power_off(void)
{
    rig_power_off(&rig);
}

bool sf_powered(void)
{
    return rig.powered;
}

bool sf_turning(void)
{
    return plant_turning(&rig.bench.plant);
}

static bool memory_vouches(void)
{
    struct journal journal;
    return journal_load(&journal) == FOUND_WHOLE && !(journal.stored.marks & (MARK_MOVING | MARK_UNTRUSTED));
}

/* A byte under way may turn out either way. */
bool sf_restart_would_trust(void)
{
    struct eeprom *memory = &rig.bench.eeprom;
    const uint8_t after = memory->bytes[memory->address];
    bool trusts = memory_vouches();
    if (memory->busy) {
        memory->bytes[memory->address] = memory->before;
        trusts = trusts || memory_vouches();
        memory->bytes[memory->address] = after;
    }
    return trusts;
}

bool sf_driven(void)
{
    const struct plant_axis *axis = rig.bench.plant.axis;
    return axis[AZIMUTH].wanted_counts_s != 0.0 || axis[ELEVATION].wanted_counts_s != 0.0;
}

void sf_run_us(uint64_t us)
{
    const uint64_t end_us = rig.bench.now_us + us;
    while (rig.bench.now_us < end_us) {
        const uint64_t slice_us = rig.bench.now_us + BENCH_LONGEST_SLICE_US;
        rig_run_until(&rig, slice_us < end_us ? slice_us : end_us);
        if (sf_driven() && sf_restart_would_trust())
            careless = true;
    }
}

bool sf_was_careless(void)
{
    return careless;
}

uint64_t sf_now_us(void)
{
    return rig.bench.now_us;
}

void sf_set_uptime_ms(uint32_t uptime_ms)
{
    host_set_uptime_ms(uptime_ms);
}

bool sf_inject(const char *name, bool on)
{
    return plant_inject(&rig.bench.plant, name, on);
}

void sf_push(uint8_t axis, int32_t counts)
{
    for (int32_t i = 0; i < (counts < 0 ? -counts : counts) && rig.powered; i++) {
        rig.bench.plant.axis[axis].motor_counts += counts < 0 ? -1.0 : 1.0;
        sf_run_us(BENCH_LONGEST_SLICE_US);
    }
}

void sf_hang(void)
{
    board_hang(&rig.bench);
}

void sf_cut_in_write(uint32_t nth, double part)
{
    rig.cut = (struct cut){.armed = true, .at_us = UINT64_MAX, .in_write = rig.bench.eeprom.writes + nth, .into = part};
}

uint8_t *sf_memory(void)
{
    return rig.bench.eeprom.bytes;
}

uint32_t sf_memory_writes(void)
{
    return rig.bench.eeprom.writes;
}

void sf_motor_counts(double *counts)
{
    for (uint8_t axis = 0; axis < AXES; axis++)
        counts[axis] = rig.bench.plant.axis[axis].motor_counts;
}

void sf_believed_counts(int32_t *counts)
{
    for (uint8_t axis = 0; axis < AXES; axis++)
        counts[axis] = host_firmware()->head.axis[axis].counts;
}

void sf_wear_out(uint16_t from, uint16_t bytes)
{
    host_wear_out(from, bytes);
}

void sf_keep(void)
{
    rig_power_off(&rig);
    kept = rig;
}

void sf_return(uint32_t seed)
{
    rig_power_off(&rig);
    rig = kept;
    rig.bench.seed = seed;
    said_bytes = 0;
    careless = false;
}
