#include "messages.h"

#include "flash.h"

enum { COLUMNS = 3, ID = 0, BYTES = 1, TRAITS = 2 };

#define REQUEST_ROW(id, bytes, reply, traits) {id, bytes, traits},
#define REPLY_ROW(id, bytes) {id, bytes, 0},
static const uint8_t MESSAGES[][COLUMNS] IN_FLASH = {
    REQUESTS(REQUEST_ROW)
    /* Replies are ours to send, but an echo of one must not pass with another length. */
    REPLY_ROW(ID_GREETING, GREETING_BYTES) REPLY_ROW(ID_STATUS, STATUS_BYTES)
    REPLY_ROW(ID_REFUSED, REFUSED_BYTES) REPLY_ROW(ID_HERE, HERE_BYTES)
    REPLY_ROW(ID_FAULT_REPORT, FAULT_REPORT_BYTES) REPLY_ROW(ID_PARAMETERS, PARAMETERS_BYTES)
};

static uint8_t looked_up(uint8_t id, uint8_t column, uint8_t otherwise)
{
    for (uint8_t row = 0; row < sizeof MESSAGES / COLUMNS; row++)
        if (flash_u8(&MESSAGES[row][ID]) == id)
            return flash_u8(&MESSAGES[row][column]);
    return otherwise;
}

uint8_t message_bytes(uint8_t id)
{
    return looked_up(id, BYTES, UNKNOWN_LENGTH);
}

uint8_t request_traits(uint8_t id)
{
    return looked_up(id, TRAITS, 0);
}
