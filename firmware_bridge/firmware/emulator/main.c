/* A board on its bench as a program: KEY=VALUE arguments, one `ready` line in JSON, then it serves.
 *
 * It ends when told to on the control channel, when its standard input ends, or by a signal. The end is a
 * power cut for the board; its EEPROM's image is saved. Exit codes: 0, 2 wrong use, 3 no line or no board.
 */
#define _GNU_SOURCE
#include "rig.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { WRONG_USE = 2, DEVICE_FAILED = 3, TICK_MS = 1 };

static volatile sig_atomic_t interrupted;

static void interrupt(int number)
{
    (void)number;
    interrupted = 1;
}

static uint64_t clock_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000u + (uint64_t)now.tv_nsec / 1000u;
}

static void serve_control(struct rig *rig)
{
    char request[CONTROL_LINE], answer[CONTROL_LINE];
    control_serve(&rig->control);
    while (control_request(&rig->control, request)) {
        rig_answer(rig, request, answer, sizeof answer - 2);
        control_answer(&rig->control, answer);
        control_answer(&rig->control, "\n");
    }
}

static void serve(struct rig *rig, uint64_t began_us)
{
    char ignored[256];
    bool lockstep = rig->options.lockstep;
    struct pollfd sources[] = {
        {.fd = rig->pty.descriptor, .events = POLLIN},
        {.fd = STDIN_FILENO, .events = POLLIN},
        {.events = POLLIN},
    };
    while (rig->running && !interrupted) {
        sources[2].fd = rig->control.client >= 0 ? rig->control.client : rig->control.listener;
        if (poll(sources, 3, lockstep ? -1 : TICK_MS) < 0 && errno != EINTR)
            return;
        if (sources[0].revents & POLLIN && rig_listen(rig) && lockstep)
            rig_settle(rig);
        if (sources[1].revents && read(STDIN_FILENO, ignored, sizeof ignored) <= 0)
            return;
        if (sources[2].revents)
            serve_control(rig);
        if (!lockstep)
            rig_run_until(rig, rig->agreed_us = clock_us() - began_us);
    }
}

static bool open_rig(struct rig *rig)
{
    const struct options *options = &rig->options;
    rig->bench.seed = options->seed;
    rig->bench.firmware = options->firmware;
    plant_init(&rig->bench.plant, &options->plant);
    eeprom_load(&rig->bench.eeprom, options->eeprom);
    eeprom_set_serial(&rig->bench.eeprom, options->serial);
    if (!board_init(&rig->bench) || !pty_open(&rig->pty, options->link))
        return false;
    if (control_open(&rig->control))
        return true;
    perror("control channel");
    return false;
}

int main(int count, char **arguments)
{
    static struct rig rig = {.running = true};
    if (!options_read(&rig.options, count, arguments))
        return WRONG_USE;
    if (!open_rig(&rig))
        return DEVICE_FAILED;
    signal(SIGPIPE, SIG_IGN);
    sigaction(SIGTERM, &(struct sigaction){.sa_handler = interrupt}, NULL);
    sigaction(SIGINT, &(struct sigaction){.sa_handler = interrupt}, NULL);
    rig_power_on(&rig, BENCH_POWER_ON);
    printf("{\"ready\": true, \"port\": \"%s\", \"side_channel\": \"%s\"}\n", pty_port(&rig.pty),
           rig.control.path);
    fflush(stdout);
    serve(&rig, clock_us());
    rig_power_off(&rig);
    control_close(&rig.control);
    pty_close(&rig.pty);
    fflush(stdout);
    _exit(0); /* not exit: libsimavr's own ending has hung */
}
