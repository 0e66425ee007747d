#!/usr/bin/env python3
"""Writes a small motion template of any family in our own format, without any library.
usage: make_template.py OUTPUT [family, default fomm] [frames, default 10]"""
import json
import struct
import sys

output = sys.argv[1]
family = sys.argv[2] if len(sys.argv) > 2 else "fomm"
frames = int(sys.argv[3]) if len(sys.argv) > 3 else 10

values = struct.pack(f"<{frames * 4}f", *[i / 10 for i in range(frames * 4)])
pts = struct.pack(f"<{frames}q", *range(frames))
duration = struct.pack(f"<{frames}q", *[1] * frames)
arrays = {"pts": ("I64", [frames], pts), "duration": ("I64", [frames], duration),
          "motion.value": ("F32", [frames, 2, 2], values)}
header = {"__metadata__": {"format": "animate-motion", "format_version": "1", "family": family, "model": "tiny",
                           "frame_rate": "25/1", "time_base": "1/25", "audio_path": "", "audio_start": "0"}}
offset = 0
for name, (dtype, shape, data) in arrays.items():
    header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [offset, offset + len(data)]}
    offset += len(data)
text = json.dumps(header).encode()
text += b" " * (-len(text) % 8)
with open(output, "wb") as file:
    file.write(struct.pack("<Q", len(text)) + text + b"".join(data for _, _, data in arrays.values()))
