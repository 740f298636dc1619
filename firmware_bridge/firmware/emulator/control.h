/* The control channel: JSON lines on a Unix socket, in the wording of firmware_bridge/simulator/serve.py.
 *
 * In lockstep the board's time stands still but for advances and for what is on the line: bytes that arrive
 * take their time on it, and so does the answer, until the line is quiet. That time is taken off the next
 * advance, so the board's clock and the host's agree in the long run.
 *
 *   {"advance_s": 2.0, "after_bytes": 120}      wait for 120 bytes in all on the line, then let 2 s pass
 *   {"truth": true}                             where the shafts are, true counts
 *   {"inject": {"address": 1, "NAME": true}}    whatever the address: the names of plant_inject, and
 *                                               silent, power, hang, storage_damaged;
 *                                               "reset": "watchdog" (a schema.ResetCause)
 *   {"cut": {"after_s": 0.0123}}                the power goes at that instant of what follows
 *   {"cut": {"eeprom_writes": 3, "into": 0.4}}  the power goes in the third byte written from now on
 *   {"eeprom": true}                            its bytes in hex, and how many were ever written
 *   {"quit": true}
 *
 * Answers: {"now_s": .., "bytes": .., "overruns": .., "powered": ..},
 * {"truth": {"1": [az, el]}, "folded": ..}, {"eeprom": "..", "writes": ..} or {"error": ".."}.
 * Requests are flat and come from our own client: a key is found wherever it stands.
 */
#ifndef SUNFLOWER_CONTROL_H
#define SUNFLOWER_CONTROL_H

#include <stdbool.h>
#include <stddef.h>

enum { CONTROL_LINE = 4096 };

struct control {
    int listener, client; /* -1 when there is none */
    char folder[64], path[80];
    char pending[CONTROL_LINE];
    size_t pending_bytes;
};

bool control_open(struct control *control);
void control_close(struct control *control);

/* Takes a waiting client in, or reads from the one that is there. */
void control_serve(struct control *control);

/* The next whole request, without its newline; false when there is none yet. */
bool control_request(struct control *control, char line[CONTROL_LINE]);
void control_answer(struct control *control, const char *line);

/* Values of a request by key. False when the key is missing or its value of another kind. */
bool json_number(const char *line, const char *key, double *value);
bool json_bool(const char *line, const char *key, bool *value);
bool json_string(const char *line, const char *key, char *value, size_t size);
bool json_has(const char *line, const char *key);

#endif
