/* Where everything is connected on the ATmega328P: all twenty pins that a crystal leaves.
 *
 *  pin  Uno  direction  what                              level
 *  PD0  D0   in         line, receive                     UART0
 *  PD1  D1   out        line, send                        UART0
 *  PD2  D2   out        RS-485 driver enable              high while we talk; pull down
 *  PD3  D3   in         azimuth home switch               low (closed) at home and below
 *  PD4  D4   in         elevation home switch             low (closed) at home and below
 *  PD5  D5   in         azimuth end switches              normally closed, both ends in series: high at an end
 *  PD6  D6   in         elevation end switches            the same
 *  PD7  D7   in         flat switch                       low (closed) while the panel is flat or beyond
 *  PB0  D8   out        petal fold output                 high: fold; pull down
 *  PB1  D9   out        azimuth motor, PWM (OC1A)         high: driven
 *  PB2  D10  out        elevation motor, PWM (OC1B)       high: driven
 *  PB3  D11  out        elevation motor, direction        high: counts fall
 *  PB4  D12  out        drive enable of both bridges      high: enabled; pull down
 *  PB5  D13  out        azimuth motor, direction          high: counts fall (a boot loader's lamp may blink it)
 *  PC0  A0   in         azimuth encoder A                 A leads B while the counts rise
 *  PC1  A1   in         azimuth encoder B
 *  PC2  A2   in         elevation encoder A
 *  PC3  A3   in         elevation encoder B
 *  PC4  A4   in         emergency stop                    high (opened): pressed
 *  PC5  A5   in         wind contact                      high (opened): wind
 *
 * Switches go to ground and have the chip's pull-ups; a long cable wants 2.2 kOhm to 5 V and a filter beside
 * them. The emergency stop is a double contact: one of them cuts the motors' supply without any program, the
 * other is read here. What is pulled down is safe while the chip starts.
 */
#ifndef SUNFLOWER_PINS_H
#define SUNFLOWER_PINS_H

/* Port D. */
#define PIN_TALK 2
#define PIN_AZIMUTH_HOME 3
#define PIN_ELEVATION_HOME 4
#define PIN_AZIMUTH_END 5
#define PIN_ELEVATION_END 6
#define PIN_FLAT 7

/* Port B. */
#define PIN_FOLD 0
#define PIN_AZIMUTH_PWM 1
#define PIN_ELEVATION_PWM 2
#define PIN_ELEVATION_DIRECTION 3
#define PIN_DRIVE_ENABLE 4
#define PIN_AZIMUTH_DIRECTION 5

/* Port C. */
#define PIN_AZIMUTH_A 0
#define PIN_AZIMUTH_B 1
#define PIN_ELEVATION_A 2
#define PIN_ELEVATION_B 3
#define PIN_EMERGENCY_STOP 4
#define PIN_WIND 5

/* Timer 1, phase-correct, 8 bits, prescaler 8: 3.9 kHz, which every common bridge switches without getting hot. */

#endif
