#!/usr/bin/env python3
"""Which room may include whom, and that each room's names lie in a namespace of its own. FFmpeg and OpenCV headers lie
in system paths, so a forbidden include compiles; this check is what stops it.
usage: scripts/check_layers.py [--table] [--root FOLDER]"""
import argparse
import pathlib
import re
import sys

LIBRARIES = {  # library: how its headers begin
    "torch": ("torch/", "ATen/", "c10/"), "ffmpeg": ("libav", "libsw"), "opencv": ("opencv2/",),
    "cli11": ("CLI/",), "json": ("nlohmann/",), "yaml": ("yaml-cpp/",), "zlib": ("zlib.h",), "openssl": ("openssl/",),
    "curl": ("curl/",), "highway": ("hwy/",),
    "heif": ("libheif/",), "webp": ("webp/",), "lcms": ("lcms2",), "spdlog": ("spdlog/", "fmt/"), "boost": ("boost/",),
    "turbojpeg": ("turbojpeg.h",), "onnx": ("onnx/", "google/protobuf"),
}
ROOMS = {  # room: (rooms it may include beside itself and include/animate, libraries it may include)
    "animate": ("", ""),
    "base": ("", "spdlog"),
    "digest": ("base", "spdlog openssl"),
    "checkpoint": ("base", "spdlog json zlib"),
    "catalog": ("base checkpoint motion", "spdlog json"),
    "report": ("base digest catalog", "spdlog json"),
    "fetch": ("base digest catalog", "spdlog curl"),
    "doctor": ("base catalog", "spdlog"),
    "motion": ("base checkpoint", "spdlog"),
    "batch": ("base catalog motion", "spdlog json"),
    "core": ("base checkpoint motion", "spdlog torch highway"),
    "diffusion": ("base core", "spdlog torch"),
    "models": ("base checkpoint catalog motion core diffusion", "spdlog torch yaml json"),
    "heads": ("base checkpoint core motion", "spdlog torch"),
    "media": ("base", "spdlog ffmpeg heif webp lcms zlib"),
    "pictures": ("base", "spdlog opencv"),
    "onnx": ("base pictures", "spdlog opencv onnx"),
    "face": ("base pictures onnx", "spdlog opencv"),
    "dataset": ("base media", "spdlog"),
    "engine": ("base digest checkpoint catalog motion core diffusion models heads media pictures face",
               "spdlog torch json"),
    "serve": ("base digest catalog report motion", "spdlog json boost turbojpeg"),
    "cli": ("base digest checkpoint catalog report fetch doctor motion batch serve", "spdlog cli11 json"),
    "train": ("base checkpoint catalog motion core diffusion models heads media dataset", "spdlog torch yaml json"),
    "evaluate": ("base checkpoint catalog motion core diffusion models heads media pictures onnx face dataset",
                 "spdlog torch json"),
    "tools": ("cli", ""),
}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
NAMESPACE = re.compile(r"^namespace animate(?:::(\w+)(?:::\w+)*)? \{\n(inline namespace base \{\n)?(.*?)^\}",
                       re.MULTILINE | re.DOTALL)
FORWARD = re.compile(r"(?:\s*(?:(?:class|struct|enum class) \w+(?: : \w+)?;|//.*))*\s*")


def room_of(path):
    return {"include": "animate", "tools": "tools"}.get(path.parts[0], path.parts[1])


def complaint(room, bracket, header):
    rooms, libraries = (part.split() for part in ROOMS[room])
    first = header.split("/")[0]
    for library, starts in LIBRARIES.items():
        # A room may bear its library's name: "onnx/model.h" is ours, <onnx/onnx_pb.h> is not.
        if header.startswith(starts) and (bracket == "<" or first not in ROOMS):
            return None if library in libraries else f"the library {library}"
    if bracket == '"':
        if first not in ROOMS:
            return "a header that is in no room"
        return None if first in (room, "animate", *rooms) else f"the room {first}"
    # The public headers stay usable by anyone who has a compiler: the standard library has no '/' and no '.h'.
    return "a header beside the standard library" if room == "animate" and re.search(r"[/.]", header) else None


def wrong_namespaces(path, text):
    """(line, sentence) of each namespace that is not its room's. Names of base are animate's own: it is inline."""
    room = room_of(path)
    own = None if room in ("animate", "base") else room
    first = INCLUDE.search(text)
    # What a public header declares is defined in animate itself, by a file that begins with that header.
    public = path.suffix == ".cpp" and first is not None and first[2].startswith("animate/")
    for match in NAMESPACE.finditer(text):
        inline = match[2] is not None
        if match[1] == own and inline == (room == "base"):
            continue
        if (public and match[1] is None and not inline) or FORWARD.fullmatch(match[3]):
            continue
        where = "animate" + (f"::{own}" if own else ", and inline in it base" if room == "base" else "")
        yield text.count("\n", 0, match.start()) + 1, f"what this room declares belongs into namespace {where}"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--table", action="store_true", help="print the table and stop")
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent)
    arguments = parser.parse_args()
    if arguments.table:
        print(f"{'room':<12}{'may include':<58}{'libraries'}")
        for room, (rooms, libraries) in ROOMS.items():
            print(f"{room:<12}{rooms or '-':<58}{libraries or '-'}")
        return 0
    files = [path.relative_to(arguments.root) for folder in ("include", "src", "tools")
             for path in sorted((arguments.root / folder).rglob("*")) if path.name.endswith((".h", ".cpp", ".h.in"))]
    faults = 0
    for path in files:
        if room_of(path) not in ROOMS:
            print(f"{path}: lies in a room that {pathlib.Path(__file__).name} does not know; add it to its table")
            faults += 1
            continue
        text = (arguments.root / path).read_text(encoding="utf-8")
        for match in INCLUDE.finditer(text):
            fault = complaint(room_of(path), *match.groups())
            if fault:
                line = text.count("\n", 0, match.start(1)) + 1
                print(f"{path}:{line}: {room_of(path)} may not include {fault} ({match.group(2)})")
                faults += 1
        for line, fault in wrong_namespaces(path, text):
            print(f"{path}:{line}: {fault}")
            faults += 1
    print(f"layers: {len(files)} files, {faults} forbidden includes and namespaces")
    return 1 if faults or not files else 0


if __name__ == "__main__":
    sys.exit(main())
