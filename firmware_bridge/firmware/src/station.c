#include "station.h"

#include <string.h>

#include "commands.h"
#include "crc32c.h"
#include "messages.h"
#include "numbers.h"
#include "replies.h"

enum { AHEAD = 128, REPORT_AGAIN_MS = 1000 }; /* serial number arithmetic, RFC 1982, section 3.2 */

/* A frame under construction: contents with room for the checksum. */
struct draft {
    uint8_t contents[LONGEST_CONTENTS + CHECKSUM_BYTES];
    uint8_t size;
};

static uint8_t *begin(struct draft *draft, uint8_t address, uint8_t sequence, uint8_t id)
{
    draft->contents[0] = address;
    draft->contents[1] = sequence;
    draft->contents[2] = id;
    draft->size = (uint8_t)(HEADER_BYTES + message_bytes(id));
    return draft->contents + HEADER_BYTES;
}

static uint8_t *begin_answer(struct draft *draft, const uint8_t *request, uint8_t id)
{
    return begin(draft, request[0], request[1], id);
}

/* A late greeting reopens nothing. */
static void greet(struct station *station, const uint8_t *request)
{
    struct wire_hello hello;
    wire_hello_read(&hello, request + HEADER_BYTES);
    if (station->greeted && hello.host_nonce == station->host_nonce && hello.greeting <= station->greeting)
        return;
    station->greeted = true;
    station->host_nonce = hello.host_nonce;
    station->greeting = hello.greeting;
    station->newest_sequence = request[1];
}

static bool is_ahead(const struct station *station, uint8_t sequence)
{
    const uint8_t by = (uint8_t)(sequence - station->newest_sequence);
    return by > 0 && by < AHEAD;
}

static bool is_late(struct station *station, uint8_t sequence)
{
    if (!is_ahead(station, sequence))
        return true;
    station->newest_sequence = sequence;
    return false;
}

static uint8_t out_of_order(const struct station *station, uint8_t traits, bool late)
{
    if (!(traits & TRAIT_ORDERED))
        return GRANTED;
    if (!station->greeted)
        return REFUSAL_NOT_GREETED;
    return late ? REFUSAL_STALE_SEQUENCE : GRANTED;
}

static void reply(struct head *head, uint8_t reason, const uint8_t *request, struct draft *draft)
{
    if (reason == GRANTED)
        reply_status(head, begin_answer(draft, request, ID_STATUS));
    else
        reply_refused(head, reason, begin_answer(draft, request, ID_REFUSED));
}

static void remember(struct station *station, const uint8_t *request, uint8_t size, struct draft *draft)
{
    memcpy(station->obeyed, request, size);
    station->obeyed_bytes = size;
    frame_around(&station->answer, draft->contents, draft->size);
}

static void obey(struct station *station, struct head *head, const uint8_t *request, uint8_t size,
                 struct draft *draft)
{
    const uint8_t traits = request_traits(request[2]);
    const bool late = is_late(station, request[1]);
    const uint8_t reason = out_of_order(station, traits, late);
    if (reason != GRANTED) {
        reply(head, reason, request, draft);
        return;
    }
    reply(head, command_obey(head, request[2], request + HEADER_BYTES), request, draft);
    if (traits & TRAIT_ORDERED)
        remember(station, request, size, draft);
}

/* What is not in this protocol is refused, not ignored: it comes from a newer host. */
static void answer(struct station *station, struct head *head, const uint8_t *request, uint8_t size,
                   struct draft *draft)
{
    if (message_bytes(request[2]) == UNKNOWN_LENGTH) {
        reply(head, REFUSAL_UNKNOWN_MESSAGE, request, draft);
    } else if (request[2] == ID_HELLO) {
        greet(station, request);
        reply_greeting(head, begin_answer(draft, request, ID_GREETING));
    } else if (request[2] == ID_GET_PARAMETERS) {
        is_late(station, request[1]);
        reply_parameters(head, begin_answer(draft, request, ID_PARAMETERS));
    } else {
        obey(station, head, request, size, draft);
    }
}

static bool hear_all(struct station *station, struct head *head, const uint8_t *request)
{
    const uint8_t id = request[2], traits = request_traits(id);
    if (!(traits & TRAIT_BROADCAST))
        return false;
    if (id != ID_FIND_SERIAL && id != ID_SET_ADDRESS) {
        command_obey_broadcast(head, id, request + HEADER_BYTES);
        return false;
    }
    if (!command_is_called(head, id, request + HEADER_BYTES))
        return false;
    struct draft draft;
    reply_here(head, begin(&draft, head->settings.address, request[1], ID_HERE));
    frame_around(&station->said, draft.contents, draft.size);
    return true;
}

/* Numbers come again after 256 requests, and so may a command: ahead, it is a new one. */
static bool is_obeyed(const struct station *station, const uint8_t *contents, uint8_t size)
{
    return station->obeyed_bytes == size && memcmp(station->obeyed, contents, size) == 0 &&
           !is_ahead(station, contents[1]);
}

static bool hear_for_us(struct station *station, struct head *head, const uint8_t *contents, uint8_t size)
{
    const uint32_t heard = crc32c(0, contents, size);
    station->reporting = false;
    if (heard != station->heard)
        lease_host_goes_on(&head->lease);
    station->heard = heard;
    if (is_obeyed(station, contents, size)) {
        station->said = station->answer;
        return true;
    }
    struct draft draft;
    answer(station, head, contents, size, &draft);
    frame_around(&station->said, draft.contents, draft.size);
    return true;
}

bool station_hear(struct station *station, struct head *head, const uint8_t *contents, uint8_t size)
{
    const uint8_t address = contents[0], id = contents[2];
    const bool all = address == BROADCAST;
    if (id >= FIRST_REPLY_ID || !(all || address == head->settings.address))
        return false;
    /* Not before the number of this start is stored: the next must not have the same nonce. */
    if (id == ID_HELLO && !head_start_is_stored(head))
        return false;
    if (request_traits(id) & TRAIT_RENEWS_LEASE)
        head_hear_host(head);
    return all ? hear_all(station, head, contents) : hear_for_us(station, head, contents, size);
}

bool station_speak(struct station *station, struct head *head, uint32_t now_ms)
{
    if (!(head->settings.parameters.options & OPTION_FAULT_REPORTS))
        return false;
    if (station->alarms != head->alarms) {
        station->alarms = head->alarms;
        station->report_sequence++;
        station->report_ms = now_ms;
        station->reporting = true;
    }
    if (!station->reporting || !has_come(station->report_ms, now_ms))
        return false;
    station->report_ms = now_ms + REPORT_AGAIN_MS;
    struct draft draft;
    reply_fault_report(head, begin(&draft, head->settings.address, station->report_sequence, ID_FAULT_REPORT));
    frame_around(&station->said, draft.contents, draft.size);
    return true;
}
