/* The host build as a library: one head on its bench, with no line but memory and no clock but run(). For
 * tests in Python (ctypes) and for fuzzers.
 */
#ifndef SUNFLOWER_LIBRARY_H
#define SUNFLOWER_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Frames that a fresh receiver accepts in these bytes. `out`, if any, gets the contents of each behind a byte
 * with their length: at most as many bytes as came in. `dropped` gets the counts by enum drop. */
int sf_receiver_accepts(const uint8_t *bytes, size_t size, uint8_t *out);
void sf_receiver_dropped(const uint8_t *bytes, size_t size, uint16_t *dropped);

/* The frame around contents, which are not too long; returns its size. */
int sf_frame(const uint8_t *contents, size_t size, uint8_t *out);

/* A profile's position after each tick on its way from rest at 0, and to another target from a tick on. */
void sf_profile(const int32_t *targets, const int32_t *rates, uint32_t ramp, int32_t ticks, int32_t *positions);

/* A new bench with a new, unpowered board. Options as the program's KEY=VALUE. False when one is wrong. */
bool sf_bench(int count, char **options);
void sf_power_on(int reset_cause);
void sf_power_off(void);
bool sf_powered(void);
void sf_run_us(uint64_t us);
uint64_t sf_now_us(void);
void sf_set_uptime_ms(uint32_t uptime_ms); /* starts again on a chip that has been on for so long */
bool sf_inject(const char *name, bool on);
void sf_hang(void);

/* Put bytes on the line; fetch at most `most` of what has been said since. */
void sf_hear(const uint8_t *bytes, size_t size);
int sf_said(uint8_t *out, size_t most);

/* The power goes in the nth byte written to the EEPROM from now on, when a part of it is over. */
void sf_cut_in_write(uint32_t nth, double part);
uint8_t *sf_memory(void); /* 1024 bytes */
uint32_t sf_memory_writes(void);

/* Turn a motor's shaft from outside, so slowly that no edge is missed. */
void sf_push(uint8_t axis, int32_t counts);

/* True positions of the motors, and what the firmware takes them for. */
void sf_motor_counts(double *counts);
void sf_believed_counts(int32_t *counts);
bool sf_turning(void); /* a motor turns */
bool sf_driven(void);  /* or has power */

/* Whether a restart from the memory as it is now may trust the position, after a plain power cut. */
bool sf_restart_would_trust(void);

/* Whether a motor has ever been driven while a restart would have trusted. */
bool sf_was_careless(void);

/* Bytes of the memory that take nothing any more. */
void sf_wear_out(uint16_t from, uint16_t bytes);

/* All of the bench, as it was when it was kept, but for what is random; the board is then off. */
void sf_keep(void);
void sf_return(uint32_t seed);

#endif
