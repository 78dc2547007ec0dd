"""Writes events.bin: an event file with two scalar series, one as simple values, one as tensors.

Needs nothing: `python events.py events.bin`. The framing and the checksum are written out here.
"""

import struct
import sys


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def masked(data):
    crc = crc32c(data)
    return (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF


def varint(number):
    out = b""
    while number >= 0x80:
        out += bytes([number & 0x7F | 0x80])
        number >>= 7
    return out + bytes([number])


def field(number, kind, payload):
    key = varint(number << 3 | kind)
    return key + (varint(len(payload)) + payload if kind == 2 else payload)


def record(event):
    head = struct.pack("<Q", len(event))
    return head + struct.pack("<I", masked(head)) + event + struct.pack("<I", masked(event))


def event(step, values):
    summary = b"".join(field(1, 2, value) for value in values)
    return field(1, 1, struct.pack("<d", 1.5e9)) + field(2, 0, varint(step)) + field(5, 2, summary)


def simple(tag, number):
    return field(1, 2, tag) + field(2, 5, struct.pack("<f", number))


def tensor(tag, number):
    content = field(1, 0, varint(1)) + field(4, 2, struct.pack("<f", number))
    return field(1, 2, tag) + field(8, 2, content)


with open(sys.argv[1], "wb") as file:
    file.write(record(field(1, 1, struct.pack("<d", 1.5e9)) + field(3, 2, b"brain.Event:2")))
    for step in range(0, 1000, 100):
        values = [simple(b"train/grad_norm", 4.0 / (1 + step)), tensor(b"loss", 2.5 - step / 1000)]
        file.write(record(event(step, values)))
