/* The serial side of one head: checked contents in, a frame out. As simulator/line.py.
 *
 * A repeated ordered request is answered from memory and not carried out twice, whatever else was heard in
 * between; one that is older than one already obeyed is refused: a frame held up on the way cannot undo a
 * newer one. STOP, STOW and DISABLE are not ordered: they are always carried out, whoever sends them.
 */
#ifndef SUNFLOWER_STATION_H
#define SUNFLOWER_STATION_H

#include "frame.h"
#include "head.h"

enum { LONGEST_CONTENTS = HEADER_BYTES + LONGEST_PAYLOAD };

struct station {
    uint32_t host_nonce, greeting;
    bool greeted;
    uint8_t newest_sequence;
    uint32_t heard; /* checksum of the last request to this head */
    uint8_t obeyed[LONGEST_CONTENTS]; /* the newest ordered request, */
    uint8_t obeyed_bytes;
    struct frame answer; /* and what was answered to it */
    uint8_t alarms;      /* as last reported */
    bool reporting;
    uint8_t report_sequence;
    uint32_t report_ms; /* when to report next */
    struct frame said;  /* the frame to send */
};

/* True when there is something to send: `said`. */
bool station_hear(struct station *station, struct head *head, const uint8_t *contents, uint8_t size);

/* Unasked, where the option is set: true when there is something to send. */
bool station_speak(struct station *station, struct head *head, uint32_t now_ms);

#endif
