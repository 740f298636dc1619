"""The native protocol, sans-IO: bytes in, values out."""
