/* The whole: what a board starts once and then runs over and over. */
#ifndef SUNFLOWER_FIRMWARE_H
#define SUNFLOWER_FIRMWARE_H

#include "head.h"
#include "receiver.h"
#include "station.h"
#include "watch.h"

struct firmware {
    struct head head;
    struct station station;
    struct receiver receiver;
    struct watch watch;
    uint32_t tick_ms;  /* of the last tick */
    uint32_t heard_ms; /* when the last byte came in */
    bool waiting;      /* to say `station.said`, until the other side listens */
};

void firmware_start(struct firmware *firmware, uint8_t reset_cause);

/* Once around the loop; waits for nothing but the next interrupt. */
void firmware_run(struct firmware *firmware);

#endif
