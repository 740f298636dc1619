/* Damages frames and asks the firmware's own receiver whether it takes any of them.
 *   damage bits N      one frame a line in hex on standard input: every way to turn N of its bits
 *   damage random N S  N random corruptions of random frames, seed S
 * Prints how many were tried and how many taken with other contents than were sent. */
#include "crc32c.h"
#include "frame.h"
#include "receiver.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM = 2 * LONGEST_FRAME + 8, MOST_BITS = 5 };

struct line {
    uint8_t bytes[ROOM];
    size_t size;
};

static uint64_t tried, taken, random_state;

static uint64_t random_number(void) /* xorshift64*, Vigna, ACM Trans. Math. Software 42(4), 2016 */
{
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return random_state * UINT64_C(2685821657736338717);
}

static size_t below(size_t limit) { return (size_t)((random_number() >> 33) % limit); }

/* Nobody has an address beyond the last: what is for it, nobody takes. */
static bool is_taken(const uint8_t *contents, uint8_t size, const uint8_t *sent, uint8_t sent_size)
{
    return size && contents[0] <= LAST_ADDRESS && (size != sent_size || memcmp(contents, sent, size) != 0);
}

/* The next frame begins with a zero: so one that has lost its own last zero is ended all the same. */
static void offer(const struct line *line, const uint8_t *sent, uint8_t sent_size)
{
    struct receiver receiver = {.size = 0};
    tried++;
    for (size_t i = 0; i <= line->size; i++) {
        const uint8_t size = receiver_take(&receiver, i < line->size ? line->bytes[i] : 0);
        taken += is_taken(receiver.held, size, sent, sent_size);
    }
}

static void turn(struct line *line, size_t bit) { line->bytes[bit / 8] ^= (uint8_t)(1u << (bit % 8)); }

static void turn_every(struct line *line, size_t from, unsigned left, const uint8_t *sent, uint8_t size)
{
    if (left == 0) {
        offer(line, sent, size);
        return;
    }
    for (size_t bit = from; bit < 8 * line->size; bit++) {
        turn(line, bit);
        turn_every(line, bit + 1, left - 1, sent, size);
        turn(line, bit);
    }
}

static bool read_frame(struct line *line)
{
    char hex[2 * ROOM + 2];
    if (fgets(hex, sizeof hex, stdin) == NULL)
        return false;
    line->size = strcspn(hex, "\n") / 2;
    for (size_t i = 0; i < line->size; i++) {
        const char digits[] = {hex[2 * i], hex[2 * i + 1], 0};
        line->bytes[i] = (uint8_t)strtoul(digits, NULL, 16);
    }
    return line->size > 0;
}

static void all_bits(unsigned bits)
{
    static const uint8_t nothing[1]; /* whatever is taken, is taken wrongly */
    struct line line;
    while (read_frame(&line))
        turn_every(&line, 0, bits, nothing, 0);
}

struct kind {
    uint8_t id, bytes;
};
#define KIND(id, bytes, reply, traits) {id, bytes},
static const struct kind KINDS[] = {REQUESTS(KIND){ID_STATUS, STATUS_BYTES}, {ID_PARAMETERS, PARAMETERS_BYTES}};

static uint8_t some_contents(uint8_t *contents)
{
    const struct kind *kind = &KINDS[below(sizeof KINDS / sizeof KINDS[0])];
    const uint64_t zeros = random_number() & random_number(); /* a quarter of the bytes */
    contents[0] = (uint8_t)below(LAST_ADDRESS + 1);
    contents[1] = (uint8_t)random_number();
    contents[2] = kind->id;
    for (uint8_t i = 0; i < kind->bytes; i++)
        contents[HEADER_BYTES + i] = (zeros >> i & 1) ? 0 : (uint8_t)random_number();
    return (uint8_t)(HEADER_BYTES + kind->bytes);
}

static void turn_some(struct line *line)
{
    for (size_t count = 1 + below(8); count; count--)
        turn(line, below(8 * line->size));
}

static void replace_one(struct line *line) { line->bytes[below(line->size)] = (uint8_t)random_number(); }

static void clear_one(struct line *line) { line->bytes[below(line->size)] = 0; }

static void burst(struct line *line)
{
    const size_t from = below(line->size);
    for (size_t i = from; i < line->size && i < from + 6; i++)
        line->bytes[i] = (uint8_t)random_number();
}

static void lose_one(struct line *line)
{
    const size_t at = below(line->size);
    memmove(line->bytes + at, line->bytes + at + 1, line->size - at - 1);
    line->size--;
}

static void insert_one(struct line *line)
{
    const size_t at = below(line->size);
    memmove(line->bytes + at + 1, line->bytes + at, line->size - at);
    line->bytes[at] = (uint8_t)random_number();
    line->size++;
}

static void double_one(struct line *line)
{
    const size_t at = below(line->size);
    memmove(line->bytes + at + 1, line->bytes + at, line->size - at);
    line->size++;
}

static void swap_two(struct line *line)
{
    const size_t one = below(line->size), other = below(line->size);
    const uint8_t kept = line->bytes[one];
    line->bytes[one] = line->bytes[other];
    line->bytes[other] = kept;
}

static void (*const DAMAGES[])(struct line *) = {
    turn_some, replace_one, clear_one, burst, lose_one, insert_one, double_one, swap_two,
};

static void at_random(uint64_t count)
{
    while (tried < count) {
        uint8_t contents[HEADER_BYTES + LONGEST_PAYLOAD + CHECKSUM_BYTES];
        const uint8_t size = some_contents(contents);
        struct frame frame;
        struct line line;
        frame_around(&frame, contents, size);
        memcpy(line.bytes, frame.bytes, frame.size);
        line.size = frame.size;
        for (size_t more = 1 + below(3); more; more--)
            DAMAGES[below(sizeof DAMAGES / sizeof DAMAGES[0])](&line);
        if (line.size != frame.size || memcmp(line.bytes, frame.bytes, frame.size) != 0)
            offer(&line, contents, size);
    }
}

int main(int count, char **words)
{
    if (count == 3 && strcmp(words[1], "bits") == 0 && atoi(words[2]) <= MOST_BITS)
        all_bits((unsigned)atoi(words[2]));
    else if (count == 4 && strcmp(words[1], "random") == 0) {
        random_state = strtoull(words[3], NULL, 10) * 2 + 1;
        at_random(strtoull(words[2], NULL, 10));
    } else
        return fprintf(stderr, "damage bits N | damage random N SEED\n"), 2;
    printf("%" PRIu64 " %" PRIu64 "\n", tried, taken);
    return 0;
}
