#define _GNU_SOURCE
#include "pty.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static bool points_to(const char *link, const char *prefix)
{
    char target[64];
    ssize_t length = readlink(link, target, sizeof target - 1);
    if (length < 0)
        return false;
    target[length] = '\0';
    return strncmp(target, prefix, strlen(prefix)) == 0;
}

static bool make_link(const struct pty *pty)
{
    if (points_to(pty->link, "/dev/pts/"))
        unlink(pty->link); /* left over from a board that was killed */
    return symlink(pty->terminal, pty->link) == 0;
}

static bool open_both_ends(struct pty *pty)
{
    struct termios raw;
    pty->descriptor = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (pty->descriptor < 0 || grantpt(pty->descriptor) != 0 || unlockpt(pty->descriptor) != 0
        || ptsname_r(pty->descriptor, pty->terminal, sizeof pty->terminal) != 0)
        return false;
    pty->held_open = open(pty->terminal, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (pty->held_open < 0 || tcgetattr(pty->held_open, &raw) != 0)
        return false;
    cfmakeraw(&raw);
    return tcsetattr(pty->held_open, TCSANOW, &raw) == 0;
}

bool pty_open(struct pty *pty, const char *link)
{
    pty->link = link;
    if (!open_both_ends(pty)) {
        perror("pseudo-terminal");
        return false;
    }
    if (*link && !make_link(pty)) {
        perror(link);
        return false;
    }
    return true;
}

void pty_close(struct pty *pty)
{
    if (*pty->link && points_to(pty->link, pty->terminal))
        unlink(pty->link);
    close(pty->descriptor);
    close(pty->held_open);
}

const char *pty_port(const struct pty *pty)
{
    return *pty->link ? pty->link : pty->terminal;
}

size_t pty_read(struct pty *pty, uint8_t *bytes, size_t size)
{
    ssize_t got = read(pty->descriptor, bytes, size);
    return got > 0 ? (size_t)got : 0;
}

void pty_write(struct pty *pty, const uint8_t *bytes, size_t count)
{
    ssize_t sent = write(pty->descriptor, bytes, count);
    (void)sent; /* a full line loses bytes, as a wire does */
}
