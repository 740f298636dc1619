#include "lease.h"

#include "numbers.h"

void lease_renew(struct lease *lease, uint32_t now_ms, uint32_t length_ms)
{
    lease->ends_ms = now_ms + length_ms;
    lease->running = true;
}

bool lease_runs_out(struct lease *lease, uint32_t now_ms)
{
    if (!lease->running || !has_come(lease->ends_ms, now_ms))
        return false;
    lease->running = false;
    lease->expired = true;
    lease->told = false;
    return true;
}

void lease_told(struct lease *lease)
{
    lease->told = lease->expired;
}

void lease_host_goes_on(struct lease *lease)
{
    if (lease->told)
        lease->expired = lease->told = false;
}
