#!/usr/bin/env python3
"""Writes checkpoints that must be refused into the folder given. No PyTorch needed: the bytes are made by hand."""
import json
import pathlib
import struct
import sys

folder = pathlib.Path(sys.argv[1])
LEGACY = (b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19\x2e" b"\x80\x02M\xe9\x03."
          b"\x80\x02}(X\x10\x00\x00\x00protocol_versionM\xe9\x03X\x0d\x00\x00\x00little_endian\x88u.")


def safetensors(path, header, data):
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


# A pickle that runs a command when Python loads it.
command = b"touch ran.txt"
(folder / "evil.pth.tar").write_bytes(
    LEGACY + b"\x80\x02cposix\nsystem\nX" + struct.pack("<I", len(command)) + command + b"\x85R." + b"\x80\x02].")
(folder / "deep.pth.tar").write_bytes(LEGACY + b"\x80\x02" + b"]" * 100_000 + b"a" * 99_999 + b"." + b"\x80\x02].")

tensor = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}
safetensors(folder / "overlap.safetensors", {"a": tensor, "b": {**tensor, "data_offsets": [4, 12]}}, bytes(12))
safetensors(folder / "range.safetensors", {"a": {**tensor, "data_offsets": [0, 8]}}, bytes(4))
safetensors(folder / "other.safetensors", {"encoder.weight": tensor}, bytes(8))

# The default model with one weight that is not a number.
default = folder / "nan.safetensors"
source = pathlib.Path(__file__).resolve().parents[2] / "configs/default/heads-256.safetensors"
content = bytearray(source.read_bytes())
length = struct.unpack("<Q", content[:8])[0]
begin = json.loads(content[8:8 + length])["kp_detector.kp.weight"]["data_offsets"][0]
content[8 + length + begin:8 + length + begin + 4] = struct.pack("<f", float("nan"))
default.write_bytes(content)
