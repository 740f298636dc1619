"""Instruments over Modbus: what stands in their registers, and whether it can be believed."""
