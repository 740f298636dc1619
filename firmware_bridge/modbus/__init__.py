"""Modbus, for trackers and instruments alike: registers as numbers, and pymodbus behind two thin shells."""
