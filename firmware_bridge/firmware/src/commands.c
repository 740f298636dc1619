#include "commands.h"

#include "flash.h"
#include "numbers.h"
#include "parameters.h"

/* Conditions that forbid, in the order in which they are told. */
static bool pressed(const struct head *head) { return head->switches.emergency_stop; }
static bool is_off(const struct head *head) { return !head->drive_enabled; }
static bool has_fault(const struct head *head) { return head->fault != FAULT_NONE; }
static bool is_lost(const struct head *head) { return !head->trusted; }

enum { PRESSED = 1, OFF = 2, FAULTY = 4, WINDY = 8, LOST = 16, IN_MOTION = 32, CONDITIONS = 6 };
enum { ANY_MOTION = PRESSED | OFF | FAULTY };

static const struct {
    bool (*holds)(const struct head *head);
    uint8_t refusal;
} FORBIDDING[CONDITIONS] = {
    {pressed, REFUSAL_EMERGENCY_STOP}, {is_off, REFUSAL_DRIVE_DISABLED}, {has_fault, REFUSAL_FAULT_LATCHED},
    {head_wind, REFUSAL_WIND},         {is_lost, REFUSAL_POSITION_NOT_TRUSTED}, {head_moving, REFUSAL_MOVING},
};

static uint8_t obey_nothing(struct head *head, const uint8_t *payload);
static uint8_t move(struct head *head, const uint8_t *payload);
static uint8_t stop(struct head *head, const uint8_t *payload);
static uint8_t stow(struct head *head, const uint8_t *payload);
static uint8_t home(struct head *head, const uint8_t *payload);
static uint8_t flatten(struct head *head, const uint8_t *payload);
static uint8_t clear(struct head *head, const uint8_t *payload);
static uint8_t enable(struct head *head, const uint8_t *payload);
static uint8_t disable(struct head *head, const uint8_t *payload);
static uint8_t fold(struct head *head, const uint8_t *payload);
static uint8_t nudge(struct head *head, const uint8_t *payload);
static uint8_t set_parameters(struct head *head, const uint8_t *payload);

static const struct command {
    uint8_t id;
    uint8_t forbidden_when;
    uint8_t (*obey)(struct head *head, const uint8_t *payload);
} COMMANDS[] = {
    {ID_GET_STATUS, 0, obey_nothing},
    {ID_KEEP_ALIVE, 0, obey_nothing},
    {ID_MOVE, ANY_MOTION | WINDY | LOST, move},
    {ID_STOP, 0, stop},
    {ID_STOW, ANY_MOTION | LOST, stow},
    {ID_HOME, ANY_MOTION | WINDY, home},
    {ID_FLATTEN, ANY_MOTION, flatten},
    {ID_CLEAR, PRESSED, clear},
    {ID_ENABLE, 0, enable},
    {ID_DISABLE, 0, disable},
    {ID_FOLD, ANY_MOTION, fold},
    {ID_NUDGE, ANY_MOTION | WINDY, nudge},
    {ID_SET_PARAMETERS, IN_MOTION, set_parameters},
};

static uint8_t refusal(const struct head *head, uint8_t forbidden_when)
{
    for (uint8_t i = 0; i < CONDITIONS; i++)
        if (forbidden_when & 1 << i && FORBIDDING[i].holds(head))
            return FORBIDDING[i].refusal;
    return GRANTED;
}

uint8_t command_obey(struct head *head, uint8_t id, const uint8_t *payload)
{
    for (uint8_t i = 0; i < sizeof COMMANDS / sizeof *COMMANDS; i++) {
        if (COMMANDS[i].id != id)
            continue;
        const uint8_t reason = refusal(head, COMMANDS[i].forbidden_when);
        return reason == GRANTED ? COMMANDS[i].obey(head, payload) : reason;
    }
    return REFUSAL_UNKNOWN_MESSAGE;
}

void command_obey_broadcast(struct head *head, uint8_t id, const uint8_t *payload)
{
    if (id == ID_STOW)
        head_stow_or_stop(head);
    else
        command_obey(head, id, payload);
}

static bool take_address(struct head *head, const uint8_t *payload)
{
    struct wire_set_address call;
    wire_set_address_read(&call, payload);
    const bool possible = FIRST_ADDRESS <= call.address && call.address <= LAST_ADDRESS;
    if (call.serial != head->serial || !possible || head_moving(head))
        return false;
    head->settings.changed |= head->settings.address != call.address;
    head->settings.address = call.address;
    return true;
}

bool command_is_called(struct head *head, uint8_t id, const uint8_t *payload)
{
    if (id == ID_SET_ADDRESS)
        return take_address(head, payload);
    struct wire_find_serial call;
    wire_find_serial_read(&call, payload);
    return call.serial_low <= head->serial && head->serial <= call.serial_high;
}

static bool inside_travel(const struct head *head, uint8_t axis, int32_t counts)
{
    const struct axis_limits limits = axis_limits(&head->settings.parameters, axis);
    return limits.min_counts <= counts && counts <= limits.max_counts;
}

static uint8_t obey_nothing(struct head *head, const uint8_t *payload)
{
    (void)head, (void)payload;
    return GRANTED;
}

static bool rate_allowed(uint32_t rate, uint32_t most)
{
    return rate > 0 && rate <= most;
}

static uint8_t move(struct head *head, const uint8_t *payload)
{
    const struct wire_parameter_block *stored = &head->settings.parameters;
    struct wire_move wanted;
    wire_move_read(&wanted, payload);
    if (!inside_travel(head, AZIMUTH, wanted.azimuth_counts) ||
        !inside_travel(head, ELEVATION, wanted.elevation_counts))
        return REFUSAL_OUTSIDE_TRAVEL;
    if (!rate_allowed(wanted.azimuth_rate_counts_s, stored->azimuth_rate_max_counts_s) ||
        !rate_allowed(wanted.elevation_rate_counts_s, stored->elevation_rate_max_counts_s))
        return REFUSAL_RATE_NOT_ALLOWED;
    head_begin(head, MOVING);
    head_go(head, AZIMUTH, wanted.azimuth_counts, wanted.azimuth_rate_counts_s);
    head_go(head, ELEVATION, wanted.elevation_counts, wanted.elevation_rate_counts_s);
    return GRANTED;
}

static uint8_t nudge(struct head *head, const uint8_t *payload)
{
    struct wire_nudge wanted;
    wire_nudge_read(&wanted, payload);
    if (wanted.axis >= AXES)
        return REFUSAL_INVALID_PARAMETERS;
    const struct axis *axis = &head->axis[wanted.axis];
    const int64_t way = (int64_t)wanted.target_counts - axis->counts;
    const int64_t most = head->settings.parameters.nudge_max_counts;
    if (way > most || way < -most)
        return REFUSAL_TOO_FAR;
    if (head->trusted && !inside_travel(head, wanted.axis, wanted.target_counts))
        return REFUSAL_OUTSIDE_TRAVEL;
    head_begin(head, MOVING);
    axis_brake(&head->axis[AXES - 1 - wanted.axis]);
    head_go(head, wanted.axis, wanted.target_counts, axis->rate_max);
    return GRANTED;
}

static uint8_t stop(struct head *head, const uint8_t *payload)
{
    (void)payload;
    head_stop(head);
    return GRANTED;
}

static uint8_t stow(struct head *head, const uint8_t *payload)
{
    (void)payload;
    head_stow(head);
    return GRANTED;
}

static uint8_t home(struct head *head, const uint8_t *payload)
{
    (void)payload;
    head_home(head);
    return GRANTED;
}

static uint8_t flatten(struct head *head, const uint8_t *payload)
{
    (void)payload;
    head_flatten(head);
    return GRANTED;
}

static uint8_t clear(struct head *head, const uint8_t *payload)
{
    (void)payload;
    head_clear(head);
    return GRANTED;
}

static uint8_t enable(struct head *head, const uint8_t *payload)
{
    (void)payload;
    head->drive_enabled = true;
    return GRANTED;
}

static uint8_t disable(struct head *head, const uint8_t *payload)
{
    (void)payload;
    head_disable(head);
    return GRANTED;
}

static uint8_t fold(struct head *head, const uint8_t *payload)
{
    struct wire_fold wanted;
    wire_fold_read(&wanted, payload);
    if (wanted.folded > 1)
        return REFUSAL_INVALID_PARAMETERS;
    if (head_wind(head) && !wanted.folded)
        return REFUSAL_WIND;
    head->folded = wanted.folded;
    return GRANTED;
}

static uint8_t set_parameters(struct head *head, const uint8_t *payload)
{
    struct wire_parameter_block wanted;
    wire_parameter_block_read(&wanted, payload);
    if (!parameters_possible(&wanted))
        return REFUSAL_INVALID_PARAMETERS;
    head_take_parameters(head, &wanted);
    return GRANTED;
}
