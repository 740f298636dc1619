#include "rig.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

enum { BYTES_WITHIN_MS = 10000 };

static void fail(char *answer, size_t size, const char *why)
{
    snprintf(answer, size, "{\"error\": \"%s\"}", why);
}

static void progress(const struct rig *rig, char *answer, size_t size)
{
    snprintf(answer, size,
             "{\"now_s\": %.6f, \"bytes\": %" PRIu64 ", \"overruns\": %" PRIu32 ", \"powered\": %s}",
             (double)rig->agreed_us / 1e6, rig->bytes_received, rig->bench.overruns,
             rig->powered ? "true" : "false");
}

static bool wait_for_bytes(struct rig *rig, uint64_t count)
{
    struct pollfd line = {.fd = rig->pty.descriptor, .events = POLLIN};
    while (rig->bytes_received < count) {
        if (poll(&line, 1, BYTES_WITHIN_MS) <= 0)
            return false;
        if (rig_listen(rig))
            rig_settle(rig);
    }
    return true;
}

static void advance(struct rig *rig, const char *request, char *answer, size_t size)
{
    double seconds = 0.0, after_bytes = 0.0;
    if (!rig->options.lockstep || !json_number(request, "advance_s", &seconds) || !(seconds >= 0.0)) {
        fail(answer, size, "cannot advance; use lockstep and a time that is not negative");
        return;
    }
    json_number(request, "after_bytes", &after_bytes);
    if (!wait_for_bytes(rig, (uint64_t)after_bytes)) {
        fail(answer, size, "the bytes did not come; count what was written since the board started");
        return;
    }
    rig->agreed_us += (uint64_t)(seconds * 1e6 + 0.5);
    rig_run_until(rig, rig->agreed_us);
    progress(rig, answer, size);
}

static void truth(struct rig *rig, const char *request, char *answer, size_t size)
{
    (void)request;
    const struct plant *plant = &rig->bench.plant;
    snprintf(answer, size, "{\"truth\": {\"%u\": [%.3f, %.3f]}, \"folded\": %s}", rig->options.address,
             plant->axis[PLANT_AZIMUTH].shaft_counts, plant->axis[PLANT_ELEVATION].shaft_counts,
             plant->folded ? "true" : "false");
}

static bool reset(struct rig *rig, const char *name)
{
    static const char *const CAUSES[] = {"power_on", "external", "watchdog", "brown_out"};
    for (unsigned cause = 0; cause < sizeof CAUSES / sizeof *CAUSES; cause++) {
        if (strcmp(CAUSES[cause], name) != 0)
            continue;
        if (cause == BENCH_POWER_ON || cause == BENCH_BROWN_OUT)
            rig_power_off(rig);
        else
            board_stop(&rig->bench);
        rig_power_on(rig, (enum bench_cause)cause);
        return true;
    }
    return false;
}

static void set_power(struct rig *rig, bool on)
{
    if (!on)
        rig_power_off(rig);
    else if (!rig->powered)
        rig_power_on(rig, BENCH_POWER_ON);
}

static bool inject_flag(struct rig *rig, const char *name, bool on)
{
    if (strcmp(name, "power") == 0)
        set_power(rig, on);
    else if (strcmp(name, "silent") == 0)
        rig->silent = on;
    else if (strcmp(name, "hang") == 0 && on)
        board_hang(&rig->bench);
    else if (strcmp(name, "storage_damaged") == 0 && on)
        eeprom_damage(&rig->bench.eeprom, (uint8_t)bench_random(&rig->bench));
    else
        return plant_inject(&rig->bench.plant, name, on);
    return true;
}

/* Applies the fault whose name and value stand here. */
static bool inject_one(struct rig *rig, const char *at)
{
    char name[32], value[16];
    bool on = false;
    if (sscanf(at, "\"%31[a-z_]\"", name) != 1)
        return false;
    if (strcmp(name, "reset") == 0)
        return json_string(at, name, value, sizeof value) && reset(rig, value);
    return strcmp(name, "address") == 0 || (json_bool(at, name, &on) && inject_flag(rig, name, on));
}

static void inject(struct rig *rig, const char *request, char *answer, size_t size)
{
    const char *at = strchr(strstr(request, "\"inject\""), '{');
    for (at = at != NULL ? strchr(at, '"') : NULL; at != NULL; at = strpbrk(at, ",}")) {
        if (*at == '}')
            break;
        at += strspn(at, ", ");
        if (!inject_one(rig, at)) {
            fail(answer, size, "fault or value is unknown");
            return;
        }
    }
    progress(rig, answer, size);
}

static void cut(struct rig *rig, const char *request, char *answer, size_t size)
{
    double value = 0.0;
    struct cut planned = {.armed = true, .at_us = UINT64_MAX};
    if (json_number(request, "after_s", &value))
        planned.at_us = rig->bench.now_us + (uint64_t)(value * 1e6);
    else if (json_number(request, "eeprom_writes", &value) && json_number(request, "into", &planned.into))
        planned.in_write = rig->bench.eeprom.writes + (uint32_t)value;
    else {
        fail(answer, size, "say after_s, or eeprom_writes and into");
        return;
    }
    rig->cut = planned;
    progress(rig, answer, size);
}

static void dump_eeprom(struct rig *rig, const char *request, char *answer, size_t size)
{
    (void)request;
    size_t used = (size_t)snprintf(answer, size, "{\"writes\": %" PRIu32 ", \"eeprom\": \"",
                                   rig->bench.eeprom.writes);
    for (unsigned i = 0; i < EEPROM_BYTES; i++)
        used += (size_t)snprintf(answer + used, size - used, "%02x", rig->bench.eeprom.bytes[i]);
    snprintf(answer + used, size - used, "\"}");
}

static void quit(struct rig *rig, const char *request, char *answer, size_t size)
{
    (void)request;
    rig->running = false;
    progress(rig, answer, size);
}

void rig_answer(struct rig *rig, const char *request, char *answer, size_t size)
{
    static const struct {
        const char *key;
        void (*answer)(struct rig *, const char *, char *, size_t);
    } REQUESTS[] = {
        {"advance_s", advance}, {"truth", truth}, {"inject", inject},
        {"cut", cut},           {"eeprom", dump_eeprom}, {"quit", quit},
    };
    for (size_t i = 0; i < sizeof REQUESTS / sizeof *REQUESTS; i++)
        if (json_has(request, REQUESTS[i].key)) {
            REQUESTS[i].answer(rig, request, answer, size);
            return;
        }
    fail(answer, size, "request is unknown; use advance_s, truth, inject, cut, eeprom or quit");
}
