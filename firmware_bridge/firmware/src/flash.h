/* Tables that stay in flash: on the AVR, constants otherwise take RAM. */
#ifndef SUNFLOWER_FLASH_H
#define SUNFLOWER_FLASH_H

#include <stdint.h>

#ifdef __AVR__
#include <avr/pgmspace.h>
#define IN_FLASH PROGMEM
static inline uint8_t flash_u8(const uint8_t *at) { return pgm_read_byte(at); }
static inline uint16_t flash_u16(const uint16_t *at) { return pgm_read_word(at); }
static inline uint32_t flash_u32(const uint32_t *at) { return pgm_read_dword(at); }
#else
#define IN_FLASH
static inline uint8_t flash_u8(const uint8_t *at) { return *at; }
static inline uint16_t flash_u16(const uint16_t *at) { return *at; }
static inline uint32_t flash_u32(const uint32_t *at) { return *at; }
#endif

#endif
