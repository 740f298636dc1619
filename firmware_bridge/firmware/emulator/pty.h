/* The device's end of a serial line: a pseudo-terminal, and a link to its other end. */
#ifndef SUNFLOWER_PTY_H
#define SUNFLOWER_PTY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pty {
    int descriptor, held_open; /* the other end stays open here too: a client that hangs up is no hang-up */
    char terminal[64];
    const char *link; /* empty: none */
};

/* False when it cannot be had; it has said why on stderr. */
bool pty_open(struct pty *pty, const char *link);
void pty_close(struct pty *pty);
const char *pty_port(const struct pty *pty); /* what a client opens */

size_t pty_read(struct pty *pty, uint8_t *bytes, size_t size);
void pty_write(struct pty *pty, const uint8_t *bytes, size_t count); /* what nobody fetches is lost */

#endif
