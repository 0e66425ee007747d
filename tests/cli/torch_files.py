"""Writes files as PyTorch would, without PyTorch: for tests that need weights of published size."""
import array
import collections
import io
import pickle
import random
import sys
import types
import zipfile

# Pickle writes classes and functions by name, so stand-ins under PyTorch's names are enough.
torch = types.ModuleType("torch")
utils = types.ModuleType("torch._utils")
sys.modules.update({"torch": torch, "torch._utils": utils})


def stand_in(module, name, kind):
    thing = type(name, (), {}) if kind is type else types.FunctionType((lambda: None).__code__, {}, name)
    thing.__module__, thing.__qualname__ = module.__name__, name
    setattr(module, name, thing)
    return thing


STORAGE = {"f": stand_in(torch, "FloatStorage", type), "q": stand_in(torch, "LongStorage", type)}
REBUILD = stand_in(utils, "_rebuild_tensor_v2", None)
random.seed(1)
FLOATS = array.array("f", (random.gauss(0, 0.03) for _ in range(1 << 16)))
POOL = FLOATS.tobytes()


class Storage:
    def __init__(self, code, count, constant=None, mean=0.0):
        self.code, self.count, self.constant, self.mean, self.key = code, count, constant, mean, None

    def data(self):
        if self.constant is not None:
            return array.array(self.code, [self.constant]).tobytes() * self.count
        pool = POOL if not self.mean else array.array("f", (x + self.mean for x in FLOATS)).tobytes()
        return (pool * (self.count * 4 // len(pool) + 1))[: self.count * 4]


class Tensor:
    def __init__(self, *size, constant=None, code="f", mean=0.0):
        self.size, count = size, 1
        for n in size:
            count *= n
        self.storage = Storage(code, count, constant, mean)

    def __reduce_ex__(self, protocol):
        stride, step = [], 1
        for n in reversed(self.size):
            stride.insert(0, step)
            step *= n
        return REBUILD, (self.storage, 0, self.size, tuple(stride), False, collections.OrderedDict())


def dump(value, storages, legacy):
    class Pickler(pickle.Pickler):
        def persistent_id(self, thing):
            if not isinstance(thing, Storage):
                return None
            if thing.key is None:
                thing.key = str(len(storages))
                storages.append(thing)
            return ("storage", STORAGE[thing.code], thing.key, "cpu", thing.count) + ((None,) if legacy else ())

    out = io.BytesIO()
    Pickler(out, protocol=2).dump(value)
    return out.getvalue()


def save(path, value, form="zip"):
    """Any nest of dicts with Tensors in it; form: legacy or zip."""
    storages = []
    body = dump(value, storages, form == "legacy")
    if form == "legacy":
        with open(path, "wb") as file:
            file.write(pickle.dumps(0x1950A86A20F9469CFC6C, 2) + pickle.dumps(1001, 2))
            file.write(pickle.dumps({"protocol_version": 1001, "little_endian": True, "type_sizes": {}}, 2) + body)
            order = sorted(storages, key=lambda s: s.key)
            file.write(pickle.dumps([s.key for s in order], 2))
            for storage in order:
                file.write(storage.count.to_bytes(8, "little") + storage.data())
        return
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("weights/data.pkl", body)
        for storage in storages:
            archive.writestr(f"weights/data/{storage.key}", storage.data())
        archive.writestr("weights/version", "3\n")
