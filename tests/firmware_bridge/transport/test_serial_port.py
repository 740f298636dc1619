"""A serial port, on a pseudo terminal."""

import os

from firmware_bridge.transport.serial_port import SerialPort


def test_what_was_written_last_goes_out_though_the_port_is_closed_at_once():
    far, near = os.openpty()
    port = SerialPort(os.ttyname(near), 115200)
    port.write(b"stop")
    port.close()
    os.set_blocking(far, False)
    try:
        assert os.read(far, 16) == b"stop"
    finally:
        os.close(near)
        os.close(far)
