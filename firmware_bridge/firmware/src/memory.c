#include "memory.h"

#include "board.h"

void memory_begin(struct memory_write *write, uint16_t address, uint8_t value)
{
    *write = (struct memory_write){address, value, true};
    if (value == 0)
        board_memory_clear(address);
    else
        board_memory_write(address, value);
}

bool memory_end(struct memory_write *write)
{
    const bool arrived = !write->under_way || board_memory_read(write->address) == write->value;
    write->under_way = false;
    return arrived;
}

void memory_load(uint8_t *to, uint16_t address, uint8_t size)
{
    for (uint8_t i = 0; i < size; i++)
        to[i] = board_memory_read((uint16_t)(address + i));
}

bool memory_is_blank(uint16_t address, uint8_t size)
{
    for (uint8_t i = 0; i < size; i++)
        if (board_memory_read((uint16_t)(address + i)) != BLANK)
            return false;
    return true;
}
