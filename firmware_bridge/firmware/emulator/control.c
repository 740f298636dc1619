#define _GNU_SOURCE
#include "control.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

bool control_open(struct control *control)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    *control = (struct control){.listener = -1, .client = -1, .folder = "/tmp/sunflower-XXXXXX"};
    if (mkdtemp(control->folder) == NULL)
        return false;
    snprintf(control->path, sizeof control->path, "%s/side", control->folder);
    memcpy(address.sun_path, control->path, sizeof control->path);
    control->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return control->listener >= 0
           && bind(control->listener, (struct sockaddr *)&address, sizeof address) == 0
           && listen(control->listener, 1) == 0;
}

static void hang_up(struct control *control)
{
    if (control->client >= 0)
        close(control->client);
    control->client = -1;
    control->pending_bytes = 0;
}

void control_close(struct control *control)
{
    hang_up(control);
    close(control->listener);
    unlink(control->path);
    rmdir(control->folder);
}

void control_serve(struct control *control)
{
    if (control->client < 0) {
        control->client = accept4(control->listener, NULL, NULL, SOCK_CLOEXEC);
        return;
    }
    size_t room = sizeof control->pending - control->pending_bytes;
    ssize_t got = room ? read(control->client, control->pending + control->pending_bytes, room) : 0;
    if (got > 0)
        control->pending_bytes += (size_t)got;
    else if (got == 0 || errno != EINTR)
        hang_up(control); /* gone, or a line longer than any request */
}

bool control_request(struct control *control, char line[CONTROL_LINE])
{
    char *end = memchr(control->pending, '\n', control->pending_bytes);
    if (end == NULL)
        return false;
    size_t length = (size_t)(end - control->pending);
    memcpy(line, control->pending, length);
    line[length] = '\0';
    control->pending_bytes -= length + 1;
    memmove(control->pending, end + 1, control->pending_bytes);
    return true;
}

void control_answer(struct control *control, const char *line)
{
    size_t length = strlen(line);
    while (length > 0 && control->client >= 0) {
        ssize_t sent = send(control->client, line, length, MSG_NOSIGNAL);
        if (sent < 0) {
            hang_up(control);
            return;
        }
        line += sent;
        length -= (size_t)sent;
    }
}

/* Where the value of a key begins, or NULL. */
static const char *value_of(const char *line, const char *key)
{
    char quoted[64];
    snprintf(quoted, sizeof quoted, "\"%s\"", key);
    const char *at = strstr(line, quoted);
    if (at == NULL)
        return NULL;
    at += strlen(quoted);
    at += strspn(at, " ");
    return *at == ':' ? at + 1 + strspn(at + 1, " ") : NULL;
}

bool json_has(const char *line, const char *key)
{
    return value_of(line, key) != NULL;
}

bool json_number(const char *line, const char *key, double *value)
{
    const char *at = value_of(line, key);
    char *end = NULL;
    if (at != NULL)
        *value = strtod(at, &end);
    return at != NULL && end != at;
}

bool json_bool(const char *line, const char *key, bool *value)
{
    const char *at = value_of(line, key);
    if (at == NULL)
        return false;
    *value = strncmp(at, "true", 4) == 0;
    return *value || strncmp(at, "false", 5) == 0;
}

bool json_string(const char *line, const char *key, char *value, size_t size)
{
    const char *at = value_of(line, key);
    const char *end = at != NULL && *at == '"' ? strchr(at + 1, '"') : NULL;
    if (end == NULL || (size_t)(end - at) > size)
        return false;
    memcpy(value, at + 1, (size_t)(end - at - 1));
    value[end - at - 1] = '\0';
    return true;
}
