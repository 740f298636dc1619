/* The chip's pins, connected as board/avr/pins.h says. */
#include "avr_chip.h"

#include <simavr/avr_extint.h>
#include <simavr/avr_ioport.h>

#include "../board/avr/pins.h"

enum {
    PINB = 0x23, PORTB = 0x25, DDRB = 0x24, DDRD = 0x2a, PORTD = 0x2b, /* data addresses */
    TCCR1A = 0x80, OCR1AL = 0x88, OCR1BL = 0x8a, COM1A1 = 1 << 7, COM1B1 = 1 << 5
};

static bool is_high(const avr_t *avr, unsigned port, unsigned ddr, unsigned pin)
{
    return avr->data[port] & avr->data[ddr] & (1u << pin); /* else undriven, and pulled down outside */
}

void chip_pins_attach(struct chip *chip)
{
    chip->port_c = avr_io_getirq(chip->avr, (uint32_t)AVR_IOCTL_IOPORT_GETIRQ('C'), 0);
    chip->port_d = avr_io_getirq(chip->avr, (uint32_t)AVR_IOCTL_IOPORT_GETIRQ('D'), 0);
}

static void set(const struct chip *chip, avr_irq_t *irq, bool high)
{
    if (chip->fresh || irq->value != high) {
        irq->value = !high; /* what does not change is not told */
        avr_raise_irq(irq, high);
    }
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
    uint8_t azimuth = plant_encoder_ab(plant, PLANT_AZIMUTH);
    uint8_t elevation = plant_encoder_ab(plant, PLANT_ELEVATION);
    set(chip, chip->port_c + PIN_AZIMUTH_A, azimuth & 1);
    set(chip, chip->port_c + PIN_AZIMUTH_B, azimuth & 2);
    set(chip, chip->port_c + PIN_ELEVATION_A, elevation & 1);
    set(chip, chip->port_c + PIN_ELEVATION_B, elevation & 2);
    set(chip, chip->port_c + PIN_EMERGENCY_STOP, plant_emergency_stop(plant));
    set(chip, chip->port_c + PIN_WIND, !plant_wind_contact(plant));
    set(chip, chip->port_d + PIN_AZIMUTH_HOME, !plant_home_switch(plant, PLANT_AZIMUTH));
    set(chip, chip->port_d + PIN_ELEVATION_HOME, !plant_home_switch(plant, PLANT_ELEVATION));
    set(chip, chip->port_d + PIN_AZIMUTH_END, plant_end_switch(plant, PLANT_AZIMUTH));
    set(chip, chip->port_d + PIN_ELEVATION_END, plant_end_switch(plant, PLANT_ELEVATION));
    set(chip, chip->port_d + PIN_FLAT, !plant_flat_switch(plant));
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
