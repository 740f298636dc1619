/* The firmware's ELF file on an emulated ATmega328P: power, resets, line, and a main loop that hangs. */
#include <simavr/sim_elf.h>

#include <stdio.h>
#include <string.h>

#include "avr_chip.h"

enum {
    RAM_FROM = 0x100, MCUSR = 0x54, UCSR0A = 0xc0, UBRR0L = 0xc4, UBRR0H = 0xc5, U2X0 = 1 << 1,
    BITS_PER_BYTE = 10,
    UART_HOLDS = 3, /* two in the buffer, one in the shift register */
    SPIN = 0xcfff,  /* rjmp to itself */
    LONGEST_ISR_CYCLES = 100000
};

static struct chip chip;

static void say_nothing(avr_t *avr, const int level, const char *format, va_list arguments)
{
    (void)avr, (void)level, (void)format, (void)arguments; /* stdout is for the ready line alone */
}

static void do_not_sleep(avr_t *avr, avr_cycle_count_t cycles)
{
    (void)avr, (void)cycles; /* the bench paces */
}

static void (*reset_core)(avr_t *);

static void notice_reset(avr_t *avr)
{
    reset_core(avr);
    chip.fresh = true;
}

static void said(avr_irq_t *irq, uint32_t byte, void *param)
{
    (void)irq, (void)param;
    if (chip_pins_talking(&chip))
        bench_say(chip.bench, (uint8_t)byte);
}

static avr_uart_t *uart_of(avr_t *avr)
{
    for (avr_io_t *io = avr->io_port; io != NULL; io = io->next)
        if (strcmp(io->kind, "uart") == 0)
            return (avr_uart_t *)io;
    return NULL;
}

static void attach(struct bench *bench, avr_t *avr)
{
    uint32_t no_flags = 0; /* neither its console nor its naps */
    chip = (struct chip){.avr = avr, .bench = bench, .uart = uart_of(avr)};
    avr->sleep = do_not_sleep;
    reset_core = avr->reset;
    avr->reset = notice_reset;
    avr_ioctl(avr, AVR_IOCTL_UART_SET_FLAGS('0'), &no_flags);
    avr_irq_register_notify(avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_OUTPUT), said, NULL);
    chip.heard = avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_INPUT);
    chip_memory_attach(&chip);
    chip_pins_attach(&chip);
}

bool board_init(struct bench *bench)
{
    elf_firmware_t firmware = {0};
    avr_global_logger_set(say_nothing);
    if (elf_read_firmware(bench->firmware, &firmware) != 0) {
        fprintf(stderr, "%s: no ELF file; build the firmware for the ATmega328P first\n", bench->firmware);
        return false;
    }
    avr_t *avr = avr_make_mcu_by_name("atmega328p");
    if (avr == NULL || avr_init(avr) != 0) {
        fprintf(stderr, "libsimavr does not know the ATmega328P\n");
        return false;
    }
    avr_load_firmware(avr, &firmware);
    avr->frequency = CHIP_HZ;
    attach(bench, avr);
    return true;
}

static void forget_ram(struct bench *bench)
{
    for (uint32_t at = RAM_FROM; at <= chip.avr->ramend; at++)
        chip.avr->data[at] = (uint8_t)bench_random(bench);
}

void board_start(struct bench *bench, enum bench_cause cause)
{
    static const uint8_t FLAGS[] = {1 << 0, 1 << 1, 1 << 3, 1 << 2}; /* PORF, EXTRF, WDRF, BORF */
    if (cause == BENCH_POWER_ON || cause == BENCH_BROWN_OUT)
        forget_ram(bench);
    avr_reset(chip.avr);
    chip.avr->data[MCUSR] = FLAGS[cause];
    chip.avr->state = cpu_Running;
    chip.due = chip.avr->cycle;
}

void board_stop(struct bench *bench)
{
    (void)bench;
}

/* libsimavr counts eleven bits a byte, and only from when the divider was written. */
static void mend_baud(void)
{
    const uint8_t *data = chip.avr->data;
    uint32_t divider = (uint32_t)(data[UBRR0L] | data[UBRR0H] << 8) + 1;
    chip.uart->cycles_per_byte = divider * (data[UCSR0A] & U2X0 ? 8 : 16) * BITS_PER_BYTE;
}

/* A chip that sleeps jumps to the next timer. Let that be ours, and again should it fall asleep just then. */
static avr_cycle_count_t wake(avr_t *avr, avr_cycle_count_t when, void *param)
{
    (void)avr, (void)param;
    return when + CHIP_CYCLES_PER_US;
}

void board_run_us(struct bench *bench, uint32_t us)
{
    avr_t *avr = chip.avr;
    (void)bench;
    chip.slice_began = chip.due;
    chip.due += (avr_cycle_count_t)us * CHIP_CYCLES_PER_US;
    chip_pins_apply_inputs(&chip);
    mend_baud();
    if (avr->cycle < chip.due)
        avr_cycle_timer_register(avr, chip.due - avr->cycle, wake, NULL);
    while (avr->cycle < chip.due && avr->state != cpu_Done && avr->state != cpu_Crashed)
        avr_run(avr);
    if (avr->state == cpu_Done || avr->state == cpu_Crashed)
        avr->cycle = chip.due; /* stuck for good: a chip without its watchdog */
    chip_pins_apply_outputs(&chip);
}

void board_hear(struct bench *bench, uint8_t byte)
{
    const uart_fifo_t *held = &chip.uart->input;
    if (((held->write - held->read) & (uart_fifo_fifo_size - 1)) >= UART_HOLDS)
        bench->overruns++; /* libsimavr would keep 64 */
    else
        avr_raise_irq(chip.heard, byte);
}

void board_hang(struct bench *bench)
{
    avr_t *avr = chip.avr;
    (void)bench;
    /* Out of any interrupt first, so that interrupts go on: the harder case for a watchdog. */
    for (avr_cycle_count_t end = avr->cycle + LONGEST_ISR_CYCLES; !avr->sreg[S_I] && avr->cycle < end;)
        avr_run(avr);
    uint32_t nowhere = avr->flashend - 1;
    avr->flash[nowhere] = SPIN & 0xff;
    avr->flash[nowhere + 1] = SPIN >> 8;
    avr->pc = nowhere;
    if (avr->state == cpu_Sleeping)
        avr->state = cpu_Running;
}
