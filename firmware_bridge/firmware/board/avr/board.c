/* The ATmega328P behind board.h. Nothing here masks interrupts: what an interrupt writes is read twice until
 * it is the same, and an EEPROM write that an interrupt has come between is begun again. */
#include "board.h"

#include <avr/interrupt.h>
#include <avr/io.h>
#include <avr/sleep.h>
#include <avr/wdt.h>
#include <stdbool.h>

#include "encoder.h"
#include "firmware.h"
#include "pins.h"

#ifndef BAUD
#define BAUD 115200UL
#endif
#define DIVIDER ((F_CPU + 4 * BAUD) / (8 * BAUD)) /* at double speed, to the nearest */
#define REAL_BAUD (F_CPU / (8 * DIVIDER))
_Static_assert(REAL_BAUD < BAUD + BAUD / 45 && REAL_BAUD > BAUD - BAUD / 45, "more than 2.2 % off the baud rate");

#define MS_PRESCALER 64
_Static_assert(F_CPU % (MS_PRESCALER * 1000UL) == 0, "a millisecond is no whole number of timer counts");

enum { HEARD_BYTES = 128 };

static volatile uint32_t uptime_ms;
static volatile uint8_t heard[HEARD_BYTES], heard_in, heard_out;
static volatile uint8_t saying[LONGEST_FRAME], saying_bytes, said_bytes;
static struct encoder encoders[AXES];

/* Time. */

ISR(TIMER0_COMPA_vect)
{
    uptime_ms++;
}

uint32_t board_now_ms(void)
{
    uint32_t once = uptime_ms, again;
    while (once != (again = uptime_ms))
        once = again;
    return once;
}

static void time_begin(void)
{
    TCCR0A = 1 << WGM01;
    OCR0A = F_CPU / (MS_PRESCALER * 1000UL) - 1;
    TIMSK0 = 1 << OCIE0A;
    TCCR0B = 1 << CS01 | 1 << CS00;
}

/* The line. A byte that comes when the buffer is full is lost: its frame's checksum will tell. */

ISR(USART_RX_vect)
{
    const uint8_t byte = UDR0, next = (uint8_t)(heard_in + 1) % HEARD_BYTES;
    if (next == heard_out)
        return;
    heard[heard_in] = byte;
    heard_in = next;
}

bool board_line_read(uint8_t *byte)
{
    if (heard_out == heard_in)
        return false;
    *byte = heard[heard_out];
    heard_out = (uint8_t)(heard_out + 1) % HEARD_BYTES;
    return true;
}

ISR(USART_UDRE_vect)
{
    UDR0 = saying[said_bytes++];
    if (said_bytes == saying_bytes)
        UCSR0B &= (uint8_t)~(1 << UDRIE0);
}

/* The last stop bit is out: let go of the line. */
ISR(USART_TX_vect)
{
    if (said_bytes == saying_bytes)
        PORTD &= (uint8_t)~(1 << PIN_TALK);
}

bool board_line_sending(void)
{
    return PORTD & 1 << PIN_TALK;
}

void board_line_send(const uint8_t *bytes, uint8_t size)
{
    if (board_line_sending() || size > sizeof saying)
        return;
    for (uint8_t i = 0; i < size; i++)
        saying[i] = bytes[i];
    saying_bytes = size;
    said_bytes = 0;
    PORTD |= 1 << PIN_TALK;
    UCSR0B |= 1 << UDRIE0;
}

static void line_begin(void)
{
    UBRR0 = DIVIDER - 1;
    UCSR0A = 1 << U2X0;
    UCSR0C = 1 << UCSZ01 | 1 << UCSZ00;
    UCSR0B = 1 << RXCIE0 | 1 << TXCIE0 | 1 << RXEN0 | 1 << TXEN0;
}

/* Motors, encoders, switches. */

ISR(PCINT1_vect)
{
    const uint8_t port = PINC;
    encoder_see(&encoders[AZIMUTH], port >> PIN_AZIMUTH_A & 3);
    encoder_see(&encoders[ELEVATION], port >> PIN_ELEVATION_A & 3);
}

uint16_t board_encoder(uint8_t axis)
{
    const volatile uint16_t *counts = &encoders[axis].counts;
    uint16_t once = *counts, again;
    while (once != (again = *counts))
        once = again;
    return once;
}

static uint8_t input_if(bool holds, uint8_t input)
{
    return holds ? input : 0;
}

uint8_t board_inputs(void)
{
    const uint8_t d = PIND, c = PINC;
    return input_if(!(d & 1 << PIN_AZIMUTH_HOME), INPUT_AZIMUTH_HOME) |
           input_if(!(d & 1 << PIN_ELEVATION_HOME), INPUT_ELEVATION_HOME) |
           input_if(d & 1 << PIN_AZIMUTH_END, INPUT_AZIMUTH_END) |
           input_if(d & 1 << PIN_ELEVATION_END, INPUT_ELEVATION_END) |
           input_if(!(d & 1 << PIN_FLAT), INPUT_FLAT) |
           input_if(c & 1 << PIN_EMERGENCY_STOP, INPUT_EMERGENCY_STOP) | input_if(c & 1 << PIN_WIND, INPUT_WIND);
}

static void set_pin(uint8_t pin, bool high)
{
    const uint8_t bit = (uint8_t)(1 << pin);
    PORTB = (uint8_t)(high ? PORTB | bit : PORTB & ~bit); /* no interrupt writes this port */
}

void board_drive(uint8_t axis, int16_t duty)
{
    const uint8_t strength = (uint8_t)(duty < 0 ? -duty : duty);
    set_pin(axis == AZIMUTH ? PIN_AZIMUTH_DIRECTION : PIN_ELEVATION_DIRECTION, duty < 0);
    if (axis == AZIMUTH)
        OCR1A = strength;
    else
        OCR1B = strength;
}

void board_drive_enable(bool enabled)
{
    set_pin(PIN_DRIVE_ENABLE, enabled);
}

void board_fold(bool folded)
{
    set_pin(PIN_FOLD, folded);
}

static void pins_begin(void)
{
    PORTD = 0xff & ~(1 << PIN_TALK);
    PORTC = 0x3f;
    DDRD = 1 << PIN_TALK | 1 << 1;
    DDRB = 0x3f;
    TCCR1A = 1 << COM1A1 | 1 << COM1B1 | 1 << WGM10;
    TCCR1B = 1 << CS11;
    encoders[AZIMUTH].ab = PINC >> PIN_AZIMUTH_A & 3;
    encoders[ELEVATION].ab = PINC >> PIN_ELEVATION_A & 3;
    PCMSK1 = 0x0f;
    PCICR = 1 << PCIE1;
}

/* The EEPROM. */

bool board_memory_busy(void)
{
    return EECR & 1 << EEPE;
}

uint8_t board_memory_read(uint16_t address)
{
    EEAR = address;
    EECR |= 1 << EERE;
    return EEDR;
}

/* EEPE must follow EEMPE within four cycles: two instructions. With an interrupt between, nothing begins. */
static void memory_program(uint16_t address, uint8_t value, uint8_t mode)
{
    EECR = mode;
    EEAR = address;
    EEDR = value;
    do {
        EECR |= 1 << EEMPE;
        EECR |= 1 << EEPE;
    } while (!board_memory_busy());
}

void board_memory_write(uint16_t address, uint8_t value)
{
    memory_program(address, value, 0);
}

void board_memory_clear(uint16_t address)
{
    memory_program(address, 0, 1 << EEPM1);
}

/* The start, and the pauses between. */

void board_rest(void)
{
    sleep_mode(); /* idle: timers, line and pins wake it */
}

void board_watchdog_kick(void)
{
    wdt_reset();
}

/* Before anything else: a watchdog that has bitten goes on with its shortest time. */
static uint8_t reset_flags __attribute__((section(".noinit")));
void keep_reset_flags(void) __attribute__((naked, used, section(".init3")));
void keep_reset_flags(void)
{
    reset_flags = MCUSR;
    MCUSR = 0;
    wdt_disable();
}

/* A brown-out may come along with any other flag, and power-on with a brown-out. No flag at all is a jump to
 * zero: the program has run wild. */
static uint8_t reset_cause(void)
{
    if (reset_flags & 1 << PORF)
        return RESET_CAUSE_POWER_ON;
    if (reset_flags & 1 << BORF)
        return RESET_CAUSE_BROWN_OUT;
    return reset_flags == 1 << EXTRF ? RESET_CAUSE_EXTERNAL : RESET_CAUSE_WATCHDOG;
}

int main(void)
{
    static struct firmware firmware;
    pins_begin();
    time_begin();
    line_begin();
    wdt_enable(WDTO_250MS);
    sei();
    firmware_start(&firmware, reset_cause());
    for (;;)
        firmware_run(&firmware);
}
