#include "head.h"

#include "crc32c.h"
#include "numbers.h"

enum {
    STOWED_COUNTS = 16, /* what an axis may come to rest off its target, and twice that */
    REVERSED_PART = 4,  /* of the longest nudge: so that a nudge is enough to notice */
    SEARCH_PART = 2     /* of the longest nudge, in a second: 1 deg/s with the nudge of a site */
};

bool head_moving(const struct head *head)
{
    return head->axis[AZIMUTH].state != STANDING || head->axis[ELEVATION].state != STANDING;
}

bool head_wind(const struct head *head)
{
    return head->switches.wind && (head->settings.parameters.options & OPTION_WIND_CONTACT);
}

bool head_drive_on(const struct head *head)
{
    return head->released && head->drive_enabled && !head->switches.emergency_stop &&
           head->fault == FAULT_NONE && head_moving(head);
}

/* What a restart must find. */
static struct record wanted_record(const struct head *head)
{
    struct record record = {.boots = head->boots};
    const struct { bool holds; uint8_t mark; } marks[] = {
        {head_moving(head), MARK_MOVING},        {!head->trusted, MARK_UNTRUSTED}, {head->held, MARK_HELD},
        {!head->drive_enabled, MARK_DRIVE_OFF}, {head->folded, MARK_FOLDED},
    };
    for (uint8_t i = 0; i < MARKS; i++)
        record.marks = (uint8_t)(record.marks | (marks[i].holds ? marks[i].mark : 0));
    for (uint8_t axis = 0; axis < AXES; axis++)
        record.counts[axis] = head->axis[axis].counts;
    return record;
}

bool head_start_is_stored(const struct head *head)
{
    return !head->journal.spoilt && head->journal.stored.boots == head->boots;
}

/* What starts and ends motion. */

static void cut(struct head *head)
{
    axis_cut(&head->axis[AZIMUTH]);
    axis_cut(&head->axis[ELEVATION]);
    head->activity = RESTING;
}

static void brake(struct head *head)
{
    axis_brake(&head->axis[AZIMUTH]);
    axis_brake(&head->axis[ELEVATION]);
    head->activity = RESTING;
}

static void latch(struct head *head, uint8_t fault)
{
    cut(head);
    if (head->fault != fault)
        head->alarms++;
    head->fault = fault;
    head->trusted = false;
}

void head_begin(struct head *head, uint8_t activity)
{
    head->activity = activity;
    head->held = false;
}

void head_go(struct head *head, uint8_t axis, int32_t target, uint32_t rate)
{
    axis_go(&head->axis[axis], target, rate);
}

void head_stow(struct head *head)
{
    const struct wire_parameter_block *stored = &head->settings.parameters;
    head_begin(head, STOWING);
    axis_brake(&head->axis[AZIMUTH]);
    head_go(head, ELEVATION, stored->stow_elevation_counts, stored->elevation_rate_max_counts_s);
}

void head_stow_or_stop(struct head *head)
{
    const bool able = head->trusted && head->drive_enabled && !head->switches.emergency_stop;
    if (able && head->fault == FAULT_NONE)
        head_stow(head);
    else
        brake(head);
}

void head_flatten(struct head *head)
{
    const struct axis_limits limits = axis_limits(&head->settings.parameters, ELEVATION);
    head_begin(head, FLATTENING);
    axis_brake(&head->axis[AZIMUTH]);
    head_go(head, ELEVATION, beyond_travel(&head->axis[ELEVATION], &limits, 1), limits.rate_counts_s);
}

/* It overruns a switch that it finds: not so fast, however fast the axis may be, that it ends at its stop. */
static struct axis_limits search_limits(const struct head *head, uint8_t axis)
{
    const struct wire_parameter_block *stored = &head->settings.parameters;
    const uint32_t fastest = stored->nudge_max_counts / SEARCH_PART + 1;
    struct axis_limits limits = axis_limits(stored, axis);
    if (limits.rate_counts_s > fastest)
        limits.rate_counts_s = fastest;
    return limits;
}

static bool home_closed(const struct head *head, uint8_t axis)
{
    return head->switches.inputs & INPUT_AZIMUTH_HOME << axis;
}

void head_home(struct head *head)
{
    head_begin(head, HOMING);
    for (uint8_t axis = 0; axis < AXES; axis++) {
        const struct axis_limits limits = search_limits(head, axis);
        search_begin(&head->search[axis], &head->axis[axis], &limits, home_closed(head, axis));
    }
}

void head_stop(struct head *head)
{
    brake(head);
    head->held = true;
}

void head_disable(struct head *head)
{
    cut(head);
    head->held = true;
    head->drive_enabled = false;
}

void head_clear(struct head *head)
{
    head->fault = FAULT_NONE;
    journal_try_again(&head->journal);
    settings_try_again(&head->settings);
}

void head_hear_host(struct head *head)
{
    lease_renew(&head->lease, head->now_ms, head->settings.parameters.lease_ms);
}

static void set_up_axes(struct head *head)
{
    const struct wire_parameter_block *stored = &head->settings.parameters;
    for (uint8_t axis = 0; axis < AXES; axis++) {
        const struct axis_limits limits = axis_limits(stored, axis);
        axis_set_up(&head->axis[axis], limits.rate_counts_s, limits.acceleration_counts_s2,
                    (int32_t)(stored->nudge_max_counts / REVERSED_PART));
    }
}

/* The position is worth nothing when home is elsewhere than before. */
void head_take_parameters(struct head *head, const struct wire_parameter_block *parameters)
{
    const struct wire_parameter_block *stored = &head->settings.parameters;
    if (stored->azimuth_home_counts != parameters->azimuth_home_counts ||
        stored->elevation_home_counts != parameters->elevation_home_counts)
        head->trusted = false;
    head->settings.parameters = *parameters;
    head->settings.changed = true;
    set_up_axes(head);
    head_hear_host(head);
}

/* The start. */

static void remember(struct head *head, enum found found, const struct senses *senses)
{
    const struct record *stored = &head->journal.stored;
    const bool keeps = head->reset_cause == RESET_CAUSE_POWER_ON || head->reset_cause == RESET_CAUSE_EXTERNAL;
    head->boots = (uint16_t)(stored->boots + 1);
    head->trusted = found == FOUND_WHOLE && keeps && !(stored->marks & (MARK_MOVING | MARK_UNTRUSTED));
    head->held = stored->marks & MARK_HELD;
    head->drive_enabled = !(stored->marks & MARK_DRIVE_OFF);
    head->folded = stored->marks & MARK_FOLDED;
    for (uint8_t axis = 0; axis < AXES; axis++)
        axis_place(&head->axis[axis], stored->counts[axis], senses->encoder[axis]);
}

static void say_who_we_are(struct head *head)
{
    uint8_t bytes[6];
    memory_load(bytes, SERIAL_AT, 4);
    head->serial = wire_read_u32(bytes);
    wire_write_u16(bytes + 4, head->boots);
    head->boot_nonce = crc32c(0, bytes, sizeof bytes);
}

void head_start(struct head *head, uint8_t reset_cause, const struct senses *senses, uint32_t now_ms)
{
    *head = (struct head){.reset_cause = reset_cause, .now_ms = now_ms};
    const enum found settings = settings_load(&head->settings);
    const enum found journal = journal_load(&head->journal);
    set_up_axes(head);
    remember(head, journal, senses);
    say_who_we_are(head);
    if (settings == FOUND_LOST || journal == FOUND_LOST) {
        latch(head, FAULT_STORAGE);
        head->held = true;
    }
    head_hear_host(head);
}

/* Every tick. */

void head_look_at_button(struct head *head, uint8_t inputs)
{
    if (!(inputs & INPUT_EMERGENCY_STOP))
        return;
    if (!head->switches.emergency_stop)
        head->alarms++;
    head->switches.emergency_stop = true;
    cut(head);
    head->held = true;
}

static void sense(struct head *head, const struct senses *senses)
{
    head_look_at_button(head, senses->inputs);
    switches_see(&head->switches, senses->inputs);
    for (uint8_t axis = 0; axis < AXES; axis++)
        axis_sense(&head->axis[axis], senses->encoder[axis], senses->inputs & INPUT_AZIMUTH_END << axis);
}

/* Nothing turns before it is stored that it will: a power cut must find it so. */
static void release(struct head *head)
{
    const struct record wanted = wanted_record(head);
    if (!head_moving(head))
        head->released = false;
    else if (!head->released)
        head->released = journal_holds(&head->journal, &wanted);
}

static void control(struct head *head, uint8_t axis)
{
    static const uint8_t FAULTS[] = {
        [AXIS_STALLED] = FAULT_AZIMUTH_STALL, [AXIS_REVERSED] = FAULT_AZIMUTH_REVERSED};
    const enum axis_event event = axis_control(&head->axis[axis], head->released);
    if (head->trusted && axis_at_end(&head->axis[axis]))
        latch(head, (uint8_t)(FAULT_AZIMUTH_END_STOP + axis));
    else if (event == AXIS_AT_END)
        axis_cut(&head->axis[axis]);
    else if (event != AXIS_WELL)
        latch(head, (uint8_t)(FAULTS[event] + axis));
}

static void search_both(struct head *head)
{
    for (uint8_t axis = 0; axis < AXES; axis++) {
        const struct axis_limits limits = search_limits(head, axis);
        search_step(&head->search[axis], &head->axis[axis], &limits, home_closed(head, axis));
    }
    for (uint8_t axis = 0; axis < AXES; axis++)
        if (head->search[axis].phase == SEARCH_MISSING) {
            latch(head, (uint8_t)(FAULT_AZIMUTH_HOME_NOT_FOUND + axis));
            return;
        }
    if (head->search[AZIMUTH].phase == SEARCH_FOUND && head->search[ELEVATION].phase == SEARCH_FOUND) {
        head->activity = RESTING;
        head->trusted = true;
    }
}

static bool is_stowed(const struct head *head)
{
    const int32_t off = head->axis[ELEVATION].counts - head->settings.parameters.stow_elevation_counts;
    return head->trusted && !head_moving(head) && magnitude(off) <= STOWED_COUNTS;
}

static void go_on(struct head *head)
{
    if (head->activity == HOMING) {
        search_both(head);
    } else if (head->activity == FLATTENING && head->switches.inputs & INPUT_FLAT) {
        axis_cut(&head->axis[ELEVATION]);
    } else if (head->activity == STOWING && is_stowed(head)) {
        head->activity = RESTING;
        head->folded |= (head->settings.parameters.options & OPTION_FOLD_WHEN_STOWED) != 0;
    }
    if (head->activity != HOMING && !head_moving(head))
        head->activity = RESTING;
}

/* Freezing is not safe in wind, and a host that is silent does not watch it: stow if we know where we are. */
static void mind_host_and_wind(struct head *head)
{
    if (lease_runs_out(&head->lease, head->now_ms) && !head->held)
        head_stow_or_stop(head);
    const bool yields = head->activity == STOWING || head->activity == FLATTENING;
    if (head_wind(head) && !head->held && !yields && !is_stowed(head))
        head_stow_or_stop(head);
}

void head_tick(struct head *head, const struct senses *senses, uint32_t now_ms)
{
    head->now_ms = now_ms;
    sense(head, senses);
    release(head);
    control(head, AZIMUTH);
    control(head, ELEVATION);
    go_on(head);
    mind_host_and_wind(head);
    if ((journal_failed(&head->journal) || settings_failed(&head->settings)) && head->fault == FAULT_NONE)
        latch(head, FAULT_STORAGE);
}

void head_store(struct head *head)
{
    const struct record wanted = wanted_record(head);
    if (!journal_step(&head->journal, &wanted))
        settings_step(&head->settings);
}
