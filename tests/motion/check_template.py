#!/usr/bin/env python3
"""Loads a motion template as LivePortrait does and checks what LivePortrait relies on.
usage: check_template.py TEMPLATE [OTHER]   OTHER: a template whose values must be the same
Exit code 0: good; 1: not; 77: there is no NumPy, which it needs."""
import pickle
import sys

try:
    import numpy as np
except ImportError:
    sys.exit(77)

SHAPES = {"scale": (1, 1), "R": (1, 3, 3), "exp": (1, 21, 3), "t": (1, 3), "kp": (1, 21, 3), "x_s": (1, 21, 3)}
LISTS = {"c_eyes_lst": (1, 2), "c_lip_lst": (1, 1)}


def load(path):
    with open(path, "rb") as file:
        content = pickle.load(file)
        assert file.read() == b"", "bytes after the pickle"
    return content


def check_array(array, shape, what):
    assert type(array) is np.ndarray, f"{what} is a {type(array)}"
    assert array.dtype == np.float32, f"{what} is of {array.dtype}"
    assert array.shape == shape, f"{what} has the shape {array.shape}"
    assert np.isfinite(array).all(), f"{what} is not finite"


def check(content):
    top = ["n_frames", "output_fps", "motion"] + [key for key in LISTS if key in content] + ["animate"]
    assert list(content) == top, f"keys in the order {list(content)}"
    assert type(content["n_frames"]) is int and type(content["output_fps"]) is int
    assert type(content["motion"]) is list and len(content["motion"]) == content["n_frames"]
    for frame in content["motion"]:
        keys = ["scale", "R", "exp", "t"] + (["kp", "x_s"] if "kp" in frame else [])
        assert list(frame) == keys, f"keys of a frame in the order {list(frame)}"
        for key in keys:
            check_array(frame[key], SHAPES[key], key)
        # The steps that LivePortrait takes with these arrays.
        assert (frame["R"] @ frame["R"].transpose(0, 2, 1)).shape == (1, 3, 3)
        if "kp" in frame:
            points = frame["scale"][..., None] * (frame["kp"] @ frame["R"] + frame["exp"])
            points[..., :2] += frame["t"][:, None, :2]
            assert np.abs(points - frame["x_s"]).max() < 1e-5, "x_s does not follow from the rest"
    for key, shape in LISTS.items():
        for array in content.get(key, []):
            check_array(array, shape, key)
        assert len(content.get(key, content["motion"])) == content["n_frames"]
    # What our writer adds is of plain types: nobody needs our code to load it.
    own = content["animate"]
    assert all(type(value) in (str, int, float, list) for value in own.values())
    assert all(type(item) is int for value in own.values() if type(value) is list for item in value)


def same(mine, theirs):
    assert mine["n_frames"] == theirs["n_frames"] and mine["output_fps"] == theirs["output_fps"]
    for frame, other in zip(mine["motion"], theirs["motion"]):
        for key in frame:
            value = other[key] if key in other else other[key + "_d"]
            if key == "x_s":  # computed anew
                assert np.abs(frame[key] - value).max() < 1e-5
            else:
                assert frame[key].tobytes() == np.ascontiguousarray(value).tobytes(), f"{key} differs"
    for key in LISTS:
        value = theirs.get(key, theirs.get(key.replace("c_", "c_d_")))
        assert (value is None) == (key not in mine), f"{key} appears or is lost"
        for array, other in zip(mine.get(key, []), value or []):
            assert array.tobytes() == other.tobytes(), f"{key} differs"


def main():
    content = load(sys.argv[1])
    check(content)
    if len(sys.argv) > 2:
        try:
            other = load(sys.argv[2])
        except ModuleNotFoundError:  # NumPy 1 does not read what NumPy 2 wrote
            other = None
        if other:
            same(content, other)
    print(f"{sys.argv[1]}: {content['n_frames']} frames, loaded with NumPy {np.__version__}")


main()
