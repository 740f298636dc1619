#include "replies.h"

#include "parameters.h"

enum { FIRMWARE_MAJOR = 1, FIRMWARE_MINOR = 0 };

#define CAPABILITIES \
    (CAPABILITY_HOST_LEASE | CAPABILITY_HOMING | CAPABILITY_FLAT_SWITCH | CAPABILITY_STORED_PARAMETERS | \
     CAPABILITY_WIND_CONTACT | CAPABILITY_FOLD_OUTPUT | CAPABILITY_FAULT_REPORTS)

static uint16_t flag_if(bool holds, uint32_t flag)
{
    return holds ? (uint16_t)flag : 0;
}

static uint32_t flags(const struct head *head)
{
    const bool moving = head_moving(head);
    const struct axis *azimuth = &head->axis[AZIMUTH], *elevation = &head->axis[ELEVATION];
    return flag_if(head->trusted, STATUS_FLAG_POSITION_TRUSTED) |
           flag_if(azimuth->state != STANDING, STATUS_FLAG_AZIMUTH_MOVING) |
           flag_if(elevation->state != STANDING, STATUS_FLAG_ELEVATION_MOVING) |
           flag_if(head->switches.emergency_stop, STATUS_FLAG_EMERGENCY_STOP) |
           flag_if(head->drive_enabled, STATUS_FLAG_DRIVE_ENABLED) |
           flag_if(head->lease.expired, STATUS_FLAG_LEASE_EXPIRED) |
           flag_if(head->activity == STOWING && moving, STATUS_FLAG_STOWING) |
           flag_if(head->activity == HOMING, STATUS_FLAG_HOMING) |
           flag_if(head->activity == FLATTENING && moving, STATUS_FLAG_FLATTENING) |
           flag_if(head->held, STATUS_FLAG_HELD) |
           flag_if(axis_at_end(azimuth), STATUS_FLAG_AZIMUTH_AT_END_STOP) |
           flag_if(axis_at_end(elevation), STATUS_FLAG_ELEVATION_AT_END_STOP) |
           flag_if(head->switches.inputs & INPUT_FLAT, STATUS_FLAG_FLAT_SWITCH) |
           flag_if(head_wind(head), STATUS_FLAG_WIND_CONTACT) |
           flag_if(head->folded, STATUS_FLAG_FOLD_OUTPUT);
}

void reply_greeting(const struct head *head, uint8_t *payload)
{
    const struct wire_greeting greeting = {
        .protocol_version = PROTOCOL_VERSION,
        .firmware_major = FIRMWARE_MAJOR,
        .firmware_minor = FIRMWARE_MINOR,
        .reset_cause = head->reset_cause,
        .capabilities = CAPABILITIES,
        .serial = head->serial,
        .boot_nonce = head->boot_nonce,
        .parameter_hash = parameters_hash(&head->settings.parameters),
    };
    wire_greeting_write(payload, &greeting);
}

void reply_parameters(const struct head *head, uint8_t *payload)
{
    wire_parameter_block_write(payload, &head->settings.parameters);
}

void reply_status(struct head *head, uint8_t *payload)
{
    const struct wire_status status = {
        .flags = flags(head),
        .fault = head->fault,
        .azimuth_counts = head->axis[AZIMUTH].counts,
        .elevation_counts = head->axis[ELEVATION].counts,
        .azimuth_target_counts = head->axis[AZIMUTH].profile.target,
        .elevation_target_counts = head->axis[ELEVATION].profile.target,
        .uptime_ms = head->now_ms,
    };
    lease_told(&head->lease);
    wire_status_write(payload, &status);
}

void reply_refused(const struct head *head, uint8_t reason, uint8_t *payload)
{
    const struct wire_refused refused = {.reason = reason, .fault = head->fault, .flags = flags(head)};
    wire_refused_write(payload, &refused);
}

void reply_here(const struct head *head, uint8_t *payload)
{
    const struct wire_here here = {.serial = head->serial};
    wire_here_write(payload, &here);
}

void reply_fault_report(const struct head *head, uint8_t *payload)
{
    const struct wire_fault_report report = {.fault = head->fault, .flags = flags(head)};
    wire_fault_report_write(payload, &report);
}
