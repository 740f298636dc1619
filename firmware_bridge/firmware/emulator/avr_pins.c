/* The chip's pins, connected as board/avr/pins.h says. */
#include "avr_chip.h"

#include <stddef.h>

#include <simavr/avr_extint.h>
#include <simavr/avr_ioport.h>

#include "../board/avr/pins.h"

enum {
    PINB = 0x23, PORTB = 0x25, DDRB = 0x24, DDRD = 0x2a, PORTD = 0x2b, /* data addresses */
    TCCR1A = 0x80, OCR1AL = 0x88, OCR1BL = 0x8a, OCR1BH = 0x8b, COM1A1 = 1 << 7, COM1B1 = 1 << 5
};

static bool is_high(const avr_t *avr, unsigned port, unsigned ddr, unsigned pin)
{
    return avr->data[port] & avr->data[ddr] & (1u << pin); /* else undriven, and pulled down outside */
}

/* Timer 1 only makes the motors' PWM, and all we want of it is the duty in its registers. To libsimavr its
 * 31 kHz are 94,000 events a second, nine tenths of the chip's cost: take the registers out of its hands. */
static void keep_duty_registers_only(avr_t *avr)
{
    for (unsigned at = TCCR1A; at <= OCR1BH; at++)
        avr->io[AVR_DATA_TO_IO(at)].w.c = NULL;
}

static struct port port_of(avr_t *avr, char name, uint8_t inputs)
{
    avr_irq_t *pins = avr_io_getirq(avr, (uint32_t)AVR_IOCTL_IOPORT_GETIRQ(name), 0);
    return (struct port){.name = name, .inputs = inputs, .pins = pins};
}

void chip_pins_attach(struct chip *chip)
{
    keep_duty_registers_only(chip->avr);
    chip->port_c = port_of(chip->avr, 'C', 0x3f);
    chip->port_d = port_of(chip->avr, 'D', 0xf8);
}

static uint8_t bit_if(bool high, unsigned pin)
{
    return (uint8_t)(high << pin);
}

static uint8_t levels_c(const struct plant *plant)
{
    uint8_t azimuth = plant_encoder_ab(plant, PLANT_AZIMUTH);
    uint8_t elevation = plant_encoder_ab(plant, PLANT_ELEVATION);
    return bit_if(azimuth & 1, PIN_AZIMUTH_A) | bit_if(azimuth & 2, PIN_AZIMUTH_B)
           | bit_if(elevation & 1, PIN_ELEVATION_A) | bit_if(elevation & 2, PIN_ELEVATION_B)
           | bit_if(plant_emergency_stop(plant), PIN_EMERGENCY_STOP)
           | bit_if(!plant_wind_contact(plant), PIN_WIND);
}

static uint8_t levels_d(const struct plant *plant)
{
    return bit_if(!plant_home_switch(plant, PLANT_AZIMUTH), PIN_AZIMUTH_HOME)
           | bit_if(!plant_home_switch(plant, PLANT_ELEVATION), PIN_ELEVATION_HOME)
           | bit_if(plant_end_switch(plant, PLANT_AZIMUTH), PIN_AZIMUTH_END)
           | bit_if(plant_end_switch(plant, PLANT_ELEVATION), PIN_ELEVATION_END)
           | bit_if(!plant_flat_switch(plant), PIN_FLAT);
}

/* Told as outer drive too, or libsimavr lets its pull-ups win whenever the program writes to the port. */
static void apply(struct chip *chip, struct port *port, uint8_t levels)
{
    if (!chip->fresh && levels == port->levels)
        return;
    avr_ioport_external_t outer = {.mask = port->inputs, .value = levels};
    outer.name = (unsigned)port->name & 0x7fu;
    avr_ioctl(chip->avr, (uint32_t)AVR_IOCTL_IOPORT_SET_EXTERNAL(port->name), &outer);
    for (unsigned pin = 0; pin < 8; pin++)
        if (port->inputs & 1u << pin && (chip->fresh || (levels ^ port->levels) & 1u << pin)) {
            port->pins[pin].value = !(levels & 1u << pin); /* what does not change is not told */
            avr_raise_irq(port->pins + pin, levels >> pin & 1);
        }
    port->levels = levels;
}

/* A low pin that could be a level interrupt makes libsimavr look every cycle, enabled or not. */
static void forgo_level_interrupts(avr_t *avr)
{
    avr_extint_set_strict_lvl_trig(avr, 0, 0);
    avr_extint_set_strict_lvl_trig(avr, 1, 0);
}

void chip_pins_apply_inputs(struct chip *chip)
{
    const struct plant *plant = &chip->bench->plant;
    if (chip->fresh)
        forgo_level_interrupts(chip->avr);
    apply(chip, &chip->port_c, levels_c(plant));
    apply(chip, &chip->port_d, levels_d(plant));
    chip->fresh = false;
}

static int16_t duty(const avr_t *avr, unsigned pwm, uint8_t connected, unsigned compare, unsigned direction)
{
    bool timed = avr->data[TCCR1A] & connected && avr->data[DDRB] & (1u << pwm);
    int16_t share = timed ? avr->data[compare] : is_high(avr, PORTB, DDRB, pwm) ? PLANT_FULL_DUTY : 0;
    return is_high(avr, PORTB, DDRB, direction) ? (int16_t)-share : share;
}

void chip_pins_apply_outputs(struct chip *chip)
{
    const avr_t *avr = chip->avr;
    struct plant *plant = &chip->bench->plant;
    bool enabled = is_high(avr, PORTB, DDRB, PIN_DRIVE_ENABLE);
    plant_drive(plant, PLANT_AZIMUTH, duty(avr, PIN_AZIMUTH_PWM, COM1A1, OCR1AL, PIN_AZIMUTH_DIRECTION),
                enabled);
    plant_drive(plant, PLANT_ELEVATION, duty(avr, PIN_ELEVATION_PWM, COM1B1, OCR1BL, PIN_ELEVATION_DIRECTION),
                enabled);
    plant_fold(plant, is_high(avr, PORTB, DDRB, PIN_FOLD));
}

bool chip_pins_talking(const struct chip *chip)
{
    return is_high(chip->avr, PORTD, DDRD, PIN_TALK);
}
