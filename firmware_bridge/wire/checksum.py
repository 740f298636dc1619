"""CRC-32C (Castagnoli): polynomial 0x1EDC6F41, reflected, start and final value all ones (RFC 3720, 12.1).

Chosen for its Hamming distance of 6 up to 5243 data bits; see docs/decisions/0002-wire-format.md.
"""

from typing import Final

REFLECTED_POLYNOMIAL: Final = 0x82F63B78


def _table_entry(byte: int) -> int:
    for _ in range(8):
        byte = (byte >> 1) ^ (REFLECTED_POLYNOMIAL if byte & 1 else 0)
    return byte


_TABLE: Final = tuple(_table_entry(byte) for byte in range(256))


def crc32c(data: bytes) -> int:
    """Checksum of any bytes, an unsigned 32-bit integer; 0xE3069283 for b"123456789"."""
    remainder, table = 0xFFFFFFFF, _TABLE
    for byte in data:
        remainder = table[(remainder ^ byte) & 0xFF] ^ (remainder >> 8)
    return remainder ^ 0xFFFFFFFF
