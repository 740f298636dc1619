/* A bench with its line, its control channel and its clock: what main.c runs and requests.c answers about. */
#ifndef SUNFLOWER_RIG_H
#define SUNFLOWER_RIG_H

#include "bench.h"
#include "control.h"
#include "pty.h"

enum {
    RIG_BYTE_US = 87,      /* 115200 baud, ten bits */
    RIG_QUEUE = 4096,      /* bytes under way on the line */
    RIG_QUIET_US = 5000,   /* so long after the last byte the exchange is over; an answer starts sooner */
    RIG_SETTLE_US = 200000 /* whoever still talks then is not answering */
};

struct options {
    const char *link, *eeprom, *firmware;
    bool lockstep;
    unsigned address; /* what the control channel calls this head */
    uint32_t serial, seed;
    struct plant_config plant;
};

/* When the power is to go: at an instant, or inside a byte's write to the EEPROM. */
struct cut {
    bool armed;
    uint64_t at_us;      /* UINT64_MAX until the write has begun */
    uint32_t in_write;   /* counted as eeprom.writes; 0: at the instant */
    double into;         /* which part of the write is over */
};

struct rig {
    struct bench bench; /* first: the bench's functions find the rig by it */
    struct options options;
    struct pty pty;
    struct control control;
    struct cut cut;
    bool running, powered, silent;
    uint64_t agreed_us; /* what the advances add up to */
    uint64_t bytes_received, next_byte_us, last_byte_us;
    uint8_t incoming[RIG_QUEUE], said[RIG_QUEUE];
    size_t incoming_count, said_count;
};

/* Reads KEY=VALUE arguments; false after saying on stderr what is wrong. */
bool options_read(struct options *options, int count, char **arguments);

void rig_power_on(struct rig *rig, enum bench_cause cause);
void rig_power_off(struct rig *rig);
void rig_run_until(struct rig *rig, uint64_t us);

/* Bytes waiting on the pty are on the line from now on; false when there were none. */
bool rig_listen(struct rig *rig);

/* Let the line's bytes and their answer have their time. */
void rig_settle(struct rig *rig);

/* The answer to one request of the control channel. */
void rig_answer(struct rig *rig, const char *request, char *answer, size_t size);

#endif
