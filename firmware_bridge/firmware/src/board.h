/* All the firmware asks of its board: the only way to the hardware.
 *
 * Interrupts of the board fill the line's buffer, count encoder edges and milliseconds; everything else runs
 * in one loop that never waits.
 */
#ifndef SUNFLOWER_BOARD_H
#define SUNFLOWER_BOARD_H

#include <stdbool.h>
#include <stdint.h>

enum axis_name { AZIMUTH, ELEVATION, AXES };

enum { FULL_DUTY = 255 };

/* Levels of the switches, said as what they mean: a cut wire reads as the careful side where there is one. */
enum {
    INPUT_AZIMUTH_HOME = 1 << 0,   /* closed: at its home or below */
    INPUT_ELEVATION_HOME = 1 << 1,
    INPUT_AZIMUTH_END = 1 << 2,    /* opened: at an end, whichever */
    INPUT_ELEVATION_END = 1 << 3,
    INPUT_FLAT = 1 << 4,           /* closed: the panel is flat or beyond */
    INPUT_EMERGENCY_STOP = 1 << 5, /* opened: pressed */
    INPUT_WIND = 1 << 6            /* opened: wind */
};

/* Since the start; wraps after 49.7 days. */
uint32_t board_now_ms(void);

/* The serial line, half duplex. A frame that is sent while another is under way is lost. */
bool board_line_read(uint8_t *byte);
bool board_line_sending(void);
void board_line_send(const uint8_t *bytes, uint8_t size);

/* Encoder edges since the start, modulo 65536; to be asked at least every second. */
uint16_t board_encoder(uint8_t axis);
uint8_t board_inputs(void);

/* Duty from -255 to 255; with zero the motor is braked, not enabled it coasts. */
void board_drive(uint8_t axis, int16_t duty);
void board_drive_enable(bool enabled);
void board_fold(bool folded);

/* The EEPROM, one byte at a time; reading and writing only while it is not busy. Clearing writes 0 without
 * an erase: half as long, and no wear of its own on a byte that holds 0xff. */
bool board_memory_busy(void);
uint8_t board_memory_read(uint16_t address);
void board_memory_write(uint16_t address, uint8_t value);
void board_memory_clear(uint16_t address);

/* Nothing to do until the next interrupt, a millisecond at most. */
void board_rest(void);

/* Not called for a quarter of a second, the board resets. */
void board_watchdog_kick(void);

#endif
