/* One head: what it is on its way for, what it must not do, what it remembers. As simulator/device.py.
 *
 * It alone keeps the head safe: travel limits, trust in the position, fault latch, emergency stop, wind
 * contact, and the host's lease. It is told the time and what the sensors say, and leaves what the motors
 * should do in its fields.
 */
#ifndef SUNFLOWER_HEAD_H
#define SUNFLOWER_HEAD_H

#include "axis.h"
#include "board.h"
#include "homing.h"
#include "journal.h"
#include "lease.h"
#include "settings.h"
#include "switches.h"

enum activity { RESTING, MOVING, STOWING, HOMING, FLATTENING };

struct senses {
    uint16_t encoder[AXES];
    uint8_t inputs; /* INPUT_* */
};

struct head {
    struct axis axis[AXES];
    struct search search[AXES];
    struct switches switches;
    struct lease lease;
    struct settings settings;
    struct journal journal;
    uint32_t now_ms, serial, boot_nonce;
    uint16_t boots;
    uint8_t activity;    /* enum activity */
    uint8_t fault;       /* FAULT_* */
    uint8_t reset_cause; /* RESET_CAUSE_* */
    uint8_t alarms;      /* counts what a host should hear of */
    bool trusted, held, drive_enabled, folded;
    bool released; /* that it moves is stored: motors may turn */
};

/* Reads what is stored; the motors stand. */
void head_start(struct head *head, uint8_t reset_cause, const struct senses *senses, uint32_t now_ms);

/* Every TICK_MS. */
void head_tick(struct head *head, const struct senses *senses, uint32_t now_ms);

/* The emergency stop, as often as possible. */
void head_look_at_button(struct head *head, uint8_t inputs);

/* A byte into the memory, if one is wanted there; only while it is not busy. */
void head_store(struct head *head);

bool head_moving(const struct head *head);
bool head_wind(const struct head *head);
bool head_drive_on(const struct head *head); /* what the bridges' enable should be */
bool head_start_is_stored(const struct head *head);

/* What people and hosts ask for, allowed or not: see commands.h. */
void head_hear_host(struct head *head);
void head_go(struct head *head, uint8_t axis, int32_t target, uint32_t rate);
void head_begin(struct head *head, uint8_t activity);
void head_stow(struct head *head);
void head_stow_or_stop(struct head *head);
void head_flatten(struct head *head);
void head_home(struct head *head);
void head_stop(struct head *head);
void head_disable(struct head *head);
void head_clear(struct head *head);
void head_take_parameters(struct head *head, const struct wire_parameter_block *parameters);

#endif
