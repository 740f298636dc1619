#include "crc32c.h"

#include "flash.h"

/* By nibbles: 64 bytes of flash instead of 1024, twice the time of the large table. */
static const uint32_t NIBBLES[16] IN_FLASH = {
    0x00000000, 0x105ec76f, 0x20bd8ede, 0x30e349b1, 0x417b1dbc, 0x5125dad3, 0x61c69362, 0x7198540d,
    0x82f63b78, 0x92a8fc17, 0xa24bb5a6, 0xb21572c9, 0xc38d26c4, 0xd3d3e1ab, 0xe330a81a, 0xf36e6f75,
};

static uint32_t shifted(uint32_t remainder)
{
    return flash_u32(&NIBBLES[remainder & 15]) ^ remainder >> 4;
}

uint32_t crc32c(uint32_t so_far, const uint8_t *bytes, uint16_t size)
{
    uint32_t remainder = ~so_far;
    for (uint16_t i = 0; i < size; i++)
        remainder = shifted(shifted(remainder ^ bytes[i]));
    return ~remainder;
}
