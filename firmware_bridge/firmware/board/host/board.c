/* This PC as the firmware's board: board.h on one side, the bench (emulator/bench.h) on the other. */
#include "board.h"

#include "bench.h"
#include "encoder.h"
#include "firmware.h"
#include "host.h"

enum { HEARD_BYTES = 128, BYTE_US = 87, WATCHDOG_US = 250000 }; /* 115200 baud */

static struct firmware firmware;
static struct {
    struct bench *bench;
    struct encoder encoder[AXES];
    int16_t duty[AXES];
    bool enabled, hung;
    uint64_t started_us, kicked_us, says_next_us;
    uint32_t uptime_at_start_ms;
    uint16_t worn_from, worn_bytes;
    uint8_t heard[HEARD_BYTES], heard_in, heard_out;
    uint8_t saying[LONGEST_FRAME], saying_bytes, said_bytes;
} chip;

static void see_encoders(void)
{
    for (uint8_t axis = 0; axis < AXES; axis++)
        encoder_see(&chip.encoder[axis], plant_encoder_ab(&chip.bench->plant, axis));
}

/* The bench's side. */

bool board_init(struct bench *bench)
{
    chip.bench = bench;
    return true;
}

void board_start(struct bench *bench, enum bench_cause cause)
{
    static const uint8_t CAUSES[] = {[BENCH_POWER_ON] = RESET_CAUSE_POWER_ON, [BENCH_EXTERNAL] = RESET_CAUSE_EXTERNAL,
        [BENCH_WATCHDOG] = RESET_CAUSE_WATCHDOG, [BENCH_BROWN_OUT] = RESET_CAUSE_BROWN_OUT};
    board_stop(bench);
    chip.bench = bench;
    chip.started_us = chip.kicked_us = bench->now_us;
    chip.uptime_at_start_ms = 0;
    for (uint8_t axis = 0; axis < AXES; axis++)
        chip.encoder[axis] = (struct encoder){.ab = plant_encoder_ab(&bench->plant, axis)};
    firmware_start(&firmware, CAUSES[cause]);
}

void board_stop(struct bench *bench)
{
    (void)bench;
    board_drive_enable(false);
    chip.hung = false;
    chip.heard_in = chip.heard_out = chip.saying_bytes = chip.said_bytes = 0;
}

static void say_what_is_due(uint64_t now_us)
{
    while (board_line_sending() && now_us >= chip.says_next_us) {
        bench_say(chip.bench, chip.saying[chip.said_bytes++]);
        chip.says_next_us += BYTE_US;
    }
}

void board_run_us(struct bench *bench, uint32_t us)
{
    see_encoders();
    say_what_is_due(bench->now_us + us);
    if (!chip.hung)
        firmware_run(&firmware);
    if (bench->now_us + us >= chip.kicked_us + WATCHDOG_US)
        board_start(bench, BENCH_WATCHDOG);
}

void board_hear(struct bench *bench, uint8_t byte)
{
    const uint8_t next = (uint8_t)(chip.heard_in + 1) % HEARD_BYTES;
    if (next == chip.heard_out) {
        bench->overruns++;
        return;
    }
    chip.heard[chip.heard_in] = byte;
    chip.heard_in = next;
}

void board_hang(struct bench *bench)
{
    (void)bench;
    chip.hung = true;
}

const struct firmware *host_firmware(void)
{
    return &firmware;
}

/* Begun anew with the clock there: what is under way is not carried over. */
void host_set_uptime_ms(uint32_t uptime_ms)
{
    chip.uptime_at_start_ms = uptime_ms;
    firmware_start(&firmware, RESET_CAUSE_POWER_ON);
}

void host_wear_out(uint16_t from, uint16_t bytes)
{
    chip.worn_from = from;
    chip.worn_bytes = bytes;
}

/* The firmware's side. */

uint32_t board_now_ms(void)
{
    return chip.uptime_at_start_ms + (uint32_t)((chip.bench->now_us - chip.started_us) / 1000);
}

bool board_line_read(uint8_t *byte)
{
    if (chip.heard_out == chip.heard_in)
        return false;
    *byte = chip.heard[chip.heard_out];
    chip.heard_out = (uint8_t)(chip.heard_out + 1) % HEARD_BYTES;
    return true;
}

bool board_line_sending(void)
{
    return chip.said_bytes < chip.saying_bytes;
}

void board_line_send(const uint8_t *bytes, uint8_t size)
{
    if (board_line_sending() || size > sizeof chip.saying)
        return;
    for (uint8_t i = 0; i < size; i++)
        chip.saying[i] = bytes[i];
    chip.saying_bytes = size;
    chip.said_bytes = 0;
    chip.says_next_us = chip.bench->now_us + BYTE_US;
}

uint16_t board_encoder(uint8_t axis)
{
    return chip.encoder[axis].counts;
}

static uint8_t input_if(bool holds, uint8_t input)
{
    return holds ? input : 0;
}

uint8_t board_inputs(void)
{
    const struct plant *plant = &chip.bench->plant;
    const uint8_t switches = input_if(plant_home_switch(plant, AZIMUTH), INPUT_AZIMUTH_HOME) |
                             input_if(plant_home_switch(plant, ELEVATION), INPUT_ELEVATION_HOME) |
                             input_if(plant_end_switch(plant, AZIMUTH) != 0, INPUT_AZIMUTH_END) |
                             input_if(plant_end_switch(plant, ELEVATION) != 0, INPUT_ELEVATION_END) |
                             input_if(plant_flat_switch(plant), INPUT_FLAT);
    return switches | input_if(plant_emergency_stop(plant), INPUT_EMERGENCY_STOP) |
           input_if(!plant_wind_contact(plant), INPUT_WIND);
}

static void drive(uint8_t axis)
{
    plant_drive(&chip.bench->plant, axis, chip.duty[axis], chip.enabled);
}

void board_drive(uint8_t axis, int16_t duty)
{
    chip.duty[axis] = duty;
    drive(axis);
}

void board_drive_enable(bool enabled)
{
    chip.enabled = enabled;
    drive(AZIMUTH);
    drive(ELEVATION);
}

void board_fold(bool folded)
{
    plant_fold(&chip.bench->plant, folded);
}

bool board_memory_busy(void)
{
    return eeprom_busy(&chip.bench->eeprom, chip.bench->now_us);
}

uint8_t board_memory_read(uint16_t address)
{
    return chip.bench->eeprom.bytes[address % EEPROM_BYTES];
}

static void program(uint16_t address, uint8_t value, enum eeprom_mode mode)
{
    const bool worn = address >= chip.worn_from && address < chip.worn_from + chip.worn_bytes;
    const uint8_t held = board_memory_read(address);
    eeprom_begin(&chip.bench->eeprom, worn ? EEPROM_WRITE : mode, address, worn ? held : value, chip.bench->now_us);
}

void board_memory_write(uint16_t address, uint8_t value)
{
    program(address, value, EEPROM_ERASE_AND_WRITE);
}

void board_memory_clear(uint16_t address)
{
    program(address, 0, EEPROM_WRITE);
}

void board_rest(void)
{
}

void board_watchdog_kick(void)
{
    chip.kicked_us = chip.bench->now_us;
}
