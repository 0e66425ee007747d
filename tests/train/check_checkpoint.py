#!/usr/bin/env python3
"""Reads a training checkpoint as torch.load does, with Python's own zipfile and pickle, and checks its layout.
usage: check_checkpoint.py CHECKPOINT        exit code 0: good; 1: not. Needs no torch: its classes are stand-ins."""
import collections
import pickle
import struct
import sys
import zipfile

SIZES = {"FloatStorage": 4, "LongStorage": 8, "ByteStorage": 1}
NETWORKS = ("generator", "discriminator", "kp_detector")


class Tensor:
    def __init__(self, storage, offset, size, stride, requires_grad, hooks):
        kind, data, numel = storage
        assert offset == 0 and requires_grad is False and len(hooks) == 0
        assert type(size) is tuple and type(stride) is tuple and len(size) == len(stride)
        count = 1
        for i in reversed(range(len(size))):
            assert stride[i] == count, f"size {size} has the strides {stride}"
            count *= size[i]
        assert count == numel and len(data) == numel * SIZES[kind]
        self.kind, self.data, self.size = kind, data, size


class Unpickler(pickle.Unpickler):
    def __init__(self, archive, root):
        super().__init__(archive.open(root + "data.pkl"))
        self.archive, self.root = archive, root

    def find_class(self, module, name):
        if (module, name) == ("collections", "OrderedDict"):
            return collections.OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return Tensor
        assert module == "torch" and name in SIZES, f"{module}.{name} is none of torch's"
        return name

    def persistent_load(self, identity):
        what, kind, key, location, numel = identity
        assert what == "storage" and location == "cpu"
        return kind, self.archive.read(f"{self.root}data/{key}"), numel


def check_optimiser(state, count):
    group, = state["param_groups"]
    assert group["params"] == list(range(len(group["params"])))
    assert group["betas"] == (0.5, 0.999) and group["eps"] == 1e-8 and group["amsgrad"] is False
    assert 0 < group["lr"] < 1 and len(group["params"]) <= count
    for index, moments in state["state"].items():
        assert index in group["params"]
        assert moments["step"].size == () and struct.unpack("<f", moments["step"].data)[0] == 1
        assert moments["exp_avg"].size == moments["exp_avg_sq"].size


def main():
    with zipfile.ZipFile(sys.argv[1]) as archive:
        assert archive.testzip() is None, "a checksum is wrong"
        assert all(info.compress_type == zipfile.ZIP_STORED for info in archive.infolist())
        assert archive.read("archive/version") == b"3\n"
        content = Unpickler(archive, "archive/").load()
    for network in NETWORKS:
        state = content[network]
        assert type(state) is collections.OrderedDict and all(type(value) is Tensor for value in state.values())
        check_optimiser(content["optimizer_" + network], len(state))
    assert content["epoch"] == 7 and type(content["epoch"]) is int
    assert struct.unpack("<q", content["animate"]["step"].data)[0] == 1
    assert content["animate"]["extra.random"].kind == "ByteStorage"


if __name__ == "__main__":
    main()
