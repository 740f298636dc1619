/* The wire protocol. Generated from firmware_bridge/wire/schema.py: change it there, then run
 *   python -m firmware_bridge.wire.c_header > firmware_bridge/firmware/src/protocol.h
 * A frame is 0, COBS(address u8, sequence u8, id u8, payload, CRC-32C u32), 0; see docs/protocol.md. */
#ifndef SUNFLOWER_PROTOCOL_H
#define SUNFLOWER_PROTOCOL_H

#include <stdint.h>

#define PROTOCOL_VERSION 1
#define BROADCAST 0 /* the address of all */
#define FIRST_ADDRESS 1
#define LAST_ADDRESS 247
#define FIRST_REPLY_ID 128 /* requests lie below */
#define HEADER_BYTES 3 /* address, sequence, message id */
#define CHECKSUM_BYTES 4 /* CRC-32C, little-endian */
#define LONGEST_PAYLOAD 54
#define LONGEST_STUFFED 62 /* between two delimiters */
#define LONGEST_FRAME 64 /* with both delimiters */

/* Conditions in `Status.flags`. */
#define STATUS_FLAG_POSITION_TRUSTED UINT32_C(0x1)
#define STATUS_FLAG_AZIMUTH_MOVING UINT32_C(0x2)
#define STATUS_FLAG_ELEVATION_MOVING UINT32_C(0x4)
#define STATUS_FLAG_EMERGENCY_STOP UINT32_C(0x8)
#define STATUS_FLAG_DRIVE_ENABLED UINT32_C(0x10)
#define STATUS_FLAG_LEASE_EXPIRED UINT32_C(0x20)
#define STATUS_FLAG_STOWING UINT32_C(0x40)
#define STATUS_FLAG_HOMING UINT32_C(0x80)
#define STATUS_FLAG_FLATTENING UINT32_C(0x100)
#define STATUS_FLAG_HELD UINT32_C(0x200)
#define STATUS_FLAG_AZIMUTH_AT_END_STOP UINT32_C(0x400)
#define STATUS_FLAG_ELEVATION_AT_END_STOP UINT32_C(0x800)
#define STATUS_FLAG_FLAT_SWITCH UINT32_C(0x1000)
#define STATUS_FLAG_WIND_CONTACT UINT32_C(0x2000)
#define STATUS_FLAG_FOLD_OUTPUT UINT32_C(0x4000)

/* What a device can do, in `Greeting.capabilities`. */
#define CAPABILITY_HOST_LEASE UINT32_C(0x1)
#define CAPABILITY_HOMING UINT32_C(0x2)
#define CAPABILITY_FLAT_SWITCH UINT32_C(0x4)
#define CAPABILITY_STORED_PARAMETERS UINT32_C(0x8)
#define CAPABILITY_WIND_CONTACT UINT32_C(0x10)
#define CAPABILITY_FOLD_OUTPUT UINT32_C(0x20)
#define CAPABILITY_FAULT_REPORTS UINT32_C(0x40)

/* Choices in the stored parameters. */
#define OPTION_WIND_CONTACT UINT32_C(0x1)
#define OPTION_FOLD_WHEN_STOWED UINT32_C(0x2)
#define OPTION_FAULT_REPORTS UINT32_C(0x4)

/* Which axis, in `Nudge.axis`. */
#define AXIS_NAME_AZIMUTH 0
#define AXIS_NAME_ELEVATION 1

/* Latched faults: the device stands still until CLEAR. */
#define FAULT_NONE 0
#define FAULT_AZIMUTH_STALL 1
#define FAULT_ELEVATION_STALL 2
#define FAULT_AZIMUTH_HOME_NOT_FOUND 3
#define FAULT_ELEVATION_HOME_NOT_FOUND 4
#define FAULT_AZIMUTH_REVERSED 5
#define FAULT_ELEVATION_REVERSED 6
#define FAULT_AZIMUTH_END_STOP 7
#define FAULT_ELEVATION_END_STOP 8
#define FAULT_STORAGE 9

/* Why the device last started. */
#define RESET_CAUSE_POWER_ON 0
#define RESET_CAUSE_EXTERNAL 1
#define RESET_CAUSE_WATCHDOG 2
#define RESET_CAUSE_BROWN_OUT 3

/* Why a command was declined. A refused command has changed nothing. */
#define REFUSAL_POSITION_NOT_TRUSTED 1
#define REFUSAL_FAULT_LATCHED 2
#define REFUSAL_OUTSIDE_TRAVEL 3
#define REFUSAL_DRIVE_DISABLED 4
#define REFUSAL_EMERGENCY_STOP 5
#define REFUSAL_NOT_GREETED 6
#define REFUSAL_STALE_SEQUENCE 7
#define REFUSAL_RATE_NOT_ALLOWED 8
#define REFUSAL_INVALID_PARAMETERS 9
#define REFUSAL_MOVING 10
#define REFUSAL_UNKNOWN_MESSAGE 11
#define REFUSAL_WIND 12
#define REFUSAL_TOO_FAR 13
#define REFUSAL_NOT_FITTED 14

/* Message ids, and the one length of the payload of each. */
#define ID_HELLO 0x01
#define ID_GET_STATUS 0x02
#define ID_GET_PARAMETERS 0x03
#define ID_KEEP_ALIVE 0x04
#define ID_FIND_SERIAL 0x05
#define ID_SET_ADDRESS 0x06
#define ID_MOVE 0x10
#define ID_STOP 0x11
#define ID_STOW 0x12
#define ID_HOME 0x13
#define ID_FLATTEN 0x14
#define ID_CLEAR 0x15
#define ID_ENABLE 0x16
#define ID_DISABLE 0x17
#define ID_FOLD 0x18
#define ID_NUDGE 0x19
#define ID_SET_PARAMETERS 0x20
#define ID_GREETING 0x81
#define ID_STATUS 0x82
#define ID_REFUSED 0x83
#define ID_HERE 0x84
#define ID_FAULT_REPORT 0x85
#define ID_PARAMETERS 0xa0
#define HELLO_BYTES 8
#define GET_STATUS_BYTES 0
#define GET_PARAMETERS_BYTES 0
#define KEEP_ALIVE_BYTES 0
#define FIND_SERIAL_BYTES 8
#define SET_ADDRESS_BYTES 5
#define MOVE_BYTES 16
#define STOP_BYTES 0
#define STOW_BYTES 0
#define HOME_BYTES 0
#define FLATTEN_BYTES 0
#define CLEAR_BYTES 0
#define ENABLE_BYTES 0
#define DISABLE_BYTES 0
#define FOLD_BYTES 1
#define NUDGE_BYTES 5
#define SET_PARAMETERS_BYTES 54
#define GREETING_BYTES 20
#define STATUS_BYTES 25
#define REFUSED_BYTES 6
#define HERE_BYTES 4
#define FAULT_REPORT_BYTES 5
#define PARAMETERS_BYTES 54

#define TRAIT_ORDERED 0x01
#define TRAIT_BROADCAST 0x02
#define TRAIT_RENEWS_LEASE 0x04
#define TRAIT_REFUSABLE 0x08

/* Requests for tables: X(id, payload bytes, id of the reply, traits). A broadcast is not answered, but for
 * FIND_SERIAL and SET_ADDRESS, which are only sent to all and never refused. */
#define REQUESTS(X) \
    X(ID_HELLO, HELLO_BYTES, ID_GREETING, 0) \
    X(ID_GET_STATUS, GET_STATUS_BYTES, ID_STATUS, TRAIT_REFUSABLE) \
    X(ID_GET_PARAMETERS, GET_PARAMETERS_BYTES, ID_PARAMETERS, TRAIT_REFUSABLE) \
    X(ID_KEEP_ALIVE, KEEP_ALIVE_BYTES, ID_STATUS, TRAIT_BROADCAST | TRAIT_RENEWS_LEASE | TRAIT_REFUSABLE) \
    X(ID_FIND_SERIAL, FIND_SERIAL_BYTES, ID_HERE, TRAIT_BROADCAST) \
    X(ID_SET_ADDRESS, SET_ADDRESS_BYTES, ID_HERE, TRAIT_BROADCAST) \
    X(ID_MOVE, MOVE_BYTES, ID_STATUS, TRAIT_ORDERED | TRAIT_RENEWS_LEASE | TRAIT_REFUSABLE) \
    X(ID_STOP, STOP_BYTES, ID_STATUS, TRAIT_BROADCAST | TRAIT_RENEWS_LEASE | TRAIT_REFUSABLE) \
    X(ID_STOW, STOW_BYTES, ID_STATUS, TRAIT_BROADCAST | TRAIT_RENEWS_LEASE | TRAIT_REFUSABLE) \
    X(ID_HOME, HOME_BYTES, ID_STATUS, TRAIT_ORDERED | TRAIT_RENEWS_LEASE | TRAIT_REFUSABLE) \
    X(ID_FLATTEN, FLATTEN_BYTES, ID_STATUS, TRAIT_ORDERED | TRAIT_RENEWS_LEASE | TRAIT_REFUSABLE) \
    X(ID_CLEAR, CLEAR_BYTES, ID_STATUS, TRAIT_ORDERED | TRAIT_RENEWS_LEASE | TRAIT_REFUSABLE) \
    X(ID_ENABLE, ENABLE_BYTES, ID_STATUS, TRAIT_ORDERED | TRAIT_RENEWS_LEASE | TRAIT_REFUSABLE) \
    X(ID_DISABLE, DISABLE_BYTES, ID_STATUS, TRAIT_RENEWS_LEASE | TRAIT_REFUSABLE) \
    X(ID_FOLD, FOLD_BYTES, ID_STATUS, TRAIT_ORDERED | TRAIT_RENEWS_LEASE | TRAIT_REFUSABLE) \
    X(ID_NUDGE, NUDGE_BYTES, ID_STATUS, TRAIT_ORDERED | TRAIT_RENEWS_LEASE | TRAIT_REFUSABLE) \
    X(ID_SET_PARAMETERS, SET_PARAMETERS_BYTES, ID_STATUS, TRAIT_ORDERED | TRAIT_RENEWS_LEASE | TRAIT_REFUSABLE)

static inline uint8_t wire_read_u8(const uint8_t *from) { return from[0]; }
static inline uint16_t wire_read_u16(const uint8_t *from)
{
    return (uint16_t)(from[0] | (uint16_t)from[1] << 8);
}
static inline uint32_t wire_read_u32(const uint8_t *from)
{
    return (uint32_t)from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 | (uint32_t)from[3] << 24;
}
static inline int32_t wire_read_i32(const uint8_t *from) { return (int32_t)wire_read_u32(from); }
static inline void wire_write_u8(uint8_t *to, uint8_t value) { to[0] = value; }
static inline void wire_write_u16(uint8_t *to, uint16_t value)
{
    to[0] = (uint8_t)value;
    to[1] = (uint8_t)(value >> 8);
}
static inline void wire_write_u32(uint8_t *to, uint32_t value)
{
    wire_write_u16(to, (uint16_t)value);
    wire_write_u16(to + 2, (uint16_t)(value >> 16));
}
static inline void wire_write_i32(uint8_t *to, int32_t value) { wire_write_u32(to, (uint32_t)value); }

/* Open a conversation: the device takes this frame's sequence number as the one to go on from. */
struct wire_hello {
    uint32_t host_nonce;
    uint32_t greeting;
};
static inline void wire_hello_read(struct wire_hello *to, const uint8_t *from)
{
    to->host_nonce = wire_read_u32(from + 0);
    to->greeting = wire_read_u32(from + 4);
}
static inline void wire_hello_write(uint8_t *to, const struct wire_hello *from)
{
    wire_write_u32(to + 0, from->host_nonce);
    wire_write_u32(to + 4, from->greeting);
}

/* Ask all devices with a serial number in this range who they are, greeted or not. */
struct wire_find_serial {
    uint32_t serial_low;
    uint32_t serial_high;
};
static inline void wire_find_serial_read(struct wire_find_serial *to, const uint8_t *from)
{
    to->serial_low = wire_read_u32(from + 0);
    to->serial_high = wire_read_u32(from + 4);
}
static inline void wire_find_serial_write(uint8_t *to, const struct wire_find_serial *from)
{
    wire_write_u32(to + 0, from->serial_low);
    wire_write_u32(to + 4, from->serial_high);
}

/* Give the one device with this serial number an address; standing still only, else no answer. */
struct wire_set_address {
    uint32_t serial;
    uint8_t address;
};
static inline void wire_set_address_read(struct wire_set_address *to, const uint8_t *from)
{
    to->serial = wire_read_u32(from + 0);
    to->address = wire_read_u8(from + 4);
}
static inline void wire_set_address_write(uint8_t *to, const struct wire_set_address *from)
{
    wire_write_u32(to + 0, from->serial);
    wire_write_u8(to + 4, from->address);
}

/* Go to an absolute position inside the travel, each axis at its own rate, ramps as stored. */
struct wire_move {
    int32_t azimuth_counts; /* counts */
    int32_t elevation_counts; /* counts */
    uint32_t azimuth_rate_counts_s; /* counts/s */
    uint32_t elevation_rate_counts_s; /* counts/s */
};
static inline void wire_move_read(struct wire_move *to, const uint8_t *from)
{
    to->azimuth_counts = wire_read_i32(from + 0);
    to->elevation_counts = wire_read_i32(from + 4);
    to->azimuth_rate_counts_s = wire_read_u32(from + 8);
    to->elevation_rate_counts_s = wire_read_u32(from + 12);
}
static inline void wire_move_write(uint8_t *to, const struct wire_move *from)
{
    wire_write_i32(to + 0, from->azimuth_counts);
    wire_write_i32(to + 4, from->elevation_counts);
    wire_write_u32(to + 8, from->azimuth_rate_counts_s);
    wire_write_u32(to + 12, from->elevation_rate_counts_s);
}

/* Tell the petals to fold (1) or to unfold (0); stored, and neither starts nor ends a hold. */
struct wire_fold {
    uint8_t folded;
};
static inline void wire_fold_read(struct wire_fold *to, const uint8_t *from)
{
    to->folded = wire_read_u8(from + 0);
}
static inline void wire_fold_write(uint8_t *to, const struct wire_fold *from)
{
    wire_write_u8(to + 0, from->folded);
}

/* Turn one axis a little, trusted or not, to a position at most `nudge_max_counts` from where it is now. */
struct wire_nudge {
    uint8_t axis; /* AXIS_NAME_* */
    int32_t target_counts; /* counts */
};
static inline void wire_nudge_read(struct wire_nudge *to, const uint8_t *from)
{
    to->axis = wire_read_u8(from + 0);
    to->target_counts = wire_read_i32(from + 1);
}
static inline void wire_nudge_write(uint8_t *to, const struct wire_nudge *from)
{
    wire_write_u8(to + 0, from->axis);
    wire_write_i32(to + 1, from->target_counts);
}

/* Store parameters; standing still only. Other home positions make the position untrusted. */
struct wire_parameter_block {
    int32_t azimuth_min_counts; /* counts */
    int32_t azimuth_max_counts; /* counts */
    int32_t elevation_min_counts; /* counts */
    int32_t elevation_max_counts; /* counts */
    uint32_t azimuth_rate_max_counts_s; /* counts/s */
    uint32_t elevation_rate_max_counts_s; /* counts/s */
    uint32_t azimuth_acceleration_counts_s2; /* counts/s2 */
    uint32_t elevation_acceleration_counts_s2; /* counts/s2 */
    int32_t stow_elevation_counts; /* counts */
    int32_t azimuth_home_counts; /* counts */
    int32_t elevation_home_counts; /* counts */
    uint32_t nudge_max_counts; /* counts */
    uint32_t lease_ms; /* ms */
    uint16_t options; /* OPTION_* */
};
static inline void wire_parameter_block_read(struct wire_parameter_block *to, const uint8_t *from)
{
    to->azimuth_min_counts = wire_read_i32(from + 0);
    to->azimuth_max_counts = wire_read_i32(from + 4);
    to->elevation_min_counts = wire_read_i32(from + 8);
    to->elevation_max_counts = wire_read_i32(from + 12);
    to->azimuth_rate_max_counts_s = wire_read_u32(from + 16);
    to->elevation_rate_max_counts_s = wire_read_u32(from + 20);
    to->azimuth_acceleration_counts_s2 = wire_read_u32(from + 24);
    to->elevation_acceleration_counts_s2 = wire_read_u32(from + 28);
    to->stow_elevation_counts = wire_read_i32(from + 32);
    to->azimuth_home_counts = wire_read_i32(from + 36);
    to->elevation_home_counts = wire_read_i32(from + 40);
    to->nudge_max_counts = wire_read_u32(from + 44);
    to->lease_ms = wire_read_u32(from + 48);
    to->options = wire_read_u16(from + 52);
}
static inline void wire_parameter_block_write(uint8_t *to, const struct wire_parameter_block *from)
{
    wire_write_i32(to + 0, from->azimuth_min_counts);
    wire_write_i32(to + 4, from->azimuth_max_counts);
    wire_write_i32(to + 8, from->elevation_min_counts);
    wire_write_i32(to + 12, from->elevation_max_counts);
    wire_write_u32(to + 16, from->azimuth_rate_max_counts_s);
    wire_write_u32(to + 20, from->elevation_rate_max_counts_s);
    wire_write_u32(to + 24, from->azimuth_acceleration_counts_s2);
    wire_write_u32(to + 28, from->elevation_acceleration_counts_s2);
    wire_write_i32(to + 32, from->stow_elevation_counts);
    wire_write_i32(to + 36, from->azimuth_home_counts);
    wire_write_i32(to + 40, from->elevation_home_counts);
    wire_write_u32(to + 44, from->nudge_max_counts);
    wire_write_u32(to + 48, from->lease_ms);
    wire_write_u16(to + 52, from->options);
}

/* Who the device is; a new boot nonce says that it has restarted. */
struct wire_greeting {
    uint8_t protocol_version;
    uint8_t firmware_major;
    uint8_t firmware_minor;
    uint8_t reset_cause; /* RESET_CAUSE_* */
    uint32_t capabilities; /* CAPABILITY_* */
    uint32_t serial;
    uint32_t boot_nonce;
    uint32_t parameter_hash;
};
static inline void wire_greeting_read(struct wire_greeting *to, const uint8_t *from)
{
    to->protocol_version = wire_read_u8(from + 0);
    to->firmware_major = wire_read_u8(from + 1);
    to->firmware_minor = wire_read_u8(from + 2);
    to->reset_cause = wire_read_u8(from + 3);
    to->capabilities = wire_read_u32(from + 4);
    to->serial = wire_read_u32(from + 8);
    to->boot_nonce = wire_read_u32(from + 12);
    to->parameter_hash = wire_read_u32(from + 16);
}
static inline void wire_greeting_write(uint8_t *to, const struct wire_greeting *from)
{
    wire_write_u8(to + 0, from->protocol_version);
    wire_write_u8(to + 1, from->firmware_major);
    wire_write_u8(to + 2, from->firmware_minor);
    wire_write_u8(to + 3, from->reset_cause);
    wire_write_u32(to + 4, from->capabilities);
    wire_write_u32(to + 8, from->serial);
    wire_write_u32(to + 12, from->boot_nonce);
    wire_write_u32(to + 16, from->parameter_hash);
}

/* Where the axes are and what they are doing. */
struct wire_status {
    uint32_t flags; /* STATUS_FLAG_* */
    uint8_t fault; /* FAULT_* */
    int32_t azimuth_counts; /* counts */
    int32_t elevation_counts; /* counts */
    int32_t azimuth_target_counts; /* counts */
    int32_t elevation_target_counts; /* counts */
    uint32_t uptime_ms; /* ms */
};
static inline void wire_status_read(struct wire_status *to, const uint8_t *from)
{
    to->flags = wire_read_u32(from + 0);
    to->fault = wire_read_u8(from + 4);
    to->azimuth_counts = wire_read_i32(from + 5);
    to->elevation_counts = wire_read_i32(from + 9);
    to->azimuth_target_counts = wire_read_i32(from + 13);
    to->elevation_target_counts = wire_read_i32(from + 17);
    to->uptime_ms = wire_read_u32(from + 21);
}
static inline void wire_status_write(uint8_t *to, const struct wire_status *from)
{
    wire_write_u32(to + 0, from->flags);
    wire_write_u8(to + 4, from->fault);
    wire_write_i32(to + 5, from->azimuth_counts);
    wire_write_i32(to + 9, from->elevation_counts);
    wire_write_i32(to + 13, from->azimuth_target_counts);
    wire_write_i32(to + 17, from->elevation_target_counts);
    wire_write_u32(to + 21, from->uptime_ms);
}

/* A command was declined. */
struct wire_refused {
    uint8_t reason; /* REFUSAL_* */
    uint8_t fault; /* FAULT_* */
    uint32_t flags; /* STATUS_FLAG_* */
};
static inline void wire_refused_read(struct wire_refused *to, const uint8_t *from)
{
    to->reason = wire_read_u8(from + 0);
    to->fault = wire_read_u8(from + 1);
    to->flags = wire_read_u32(from + 2);
}
static inline void wire_refused_write(uint8_t *to, const struct wire_refused *from)
{
    wire_write_u8(to + 0, from->reason);
    wire_write_u8(to + 1, from->fault);
    wire_write_u32(to + 2, from->flags);
}

/* Which device this is; the frame comes from its address. */
struct wire_here {
    uint32_t serial;
};
static inline void wire_here_read(struct wire_here *to, const uint8_t *from)
{
    to->serial = wire_read_u32(from + 0);
}
static inline void wire_here_write(uint8_t *to, const struct wire_here *from)
{
    wire_write_u32(to + 0, from->serial);
}

/* Said unasked, where the option is set, when a fault latches or the emergency stop is pressed. */
struct wire_fault_report {
    uint8_t fault; /* FAULT_* */
    uint32_t flags; /* STATUS_FLAG_* */
};
static inline void wire_fault_report_read(struct wire_fault_report *to, const uint8_t *from)
{
    to->fault = wire_read_u8(from + 0);
    to->flags = wire_read_u32(from + 1);
}
static inline void wire_fault_report_write(uint8_t *to, const struct wire_fault_report *from)
{
    wire_write_u8(to + 0, from->fault);
    wire_write_u32(to + 1, from->flags);
}

#endif
