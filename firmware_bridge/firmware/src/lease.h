/* How long the head goes on without hearing from its host, and whether the host knows that it ran out. */
#ifndef SUNFLOWER_LEASE_H
#define SUNFLOWER_LEASE_H

#include <stdbool.h>
#include <stdint.h>

struct lease {
    uint32_t ends_ms;
    bool running, expired, told;
};

void lease_renew(struct lease *lease, uint32_t now_ms, uint32_t length_ms);

/* True once, when the host has been silent too long. */
bool lease_runs_out(struct lease *lease, uint32_t now_ms);

/* A status has gone out, with the expiry in it should there be one. It may get lost. */
void lease_told(struct lease *lease);

/* A new request has come, no repetition: the answer before it has arrived. */
void lease_host_goes_on(struct lease *lease);

#endif
