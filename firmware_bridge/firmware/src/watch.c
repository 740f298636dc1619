#include "watch.h"

#include "board.h"

void watch_ran(struct watch *watch, uint8_t part)
{
    watch->ran |= part;
    if (watch->ran != ALL_PARTS)
        return;
    watch->ran = 0;
    board_watchdog_kick();
}
