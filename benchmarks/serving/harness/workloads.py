"""What is asked of every server: models, the requests for them, and how many of each there are."""

import dataclasses
import json
import pathlib

import numpy as np

SEED = 20260401
VARIANTS = 16  # different requests per workload, so that answers mixed up between callers show


@dataclasses.dataclass(frozen=True)
class Workload:
    name: str
    model: str
    rows: int
    width: tuple[int, ...]
    dtype: str  # as the Open Inference Protocol writes it
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    exact: bool  # must answers equal the ceiling's bit for bit?

    @property
    def shape(self):
        return (self.rows, *self.width)

    @property
    def numpy(self):
        return {"INT32": np.int32, "FP32": np.float32}[self.dtype]

    def arrays(self, variant):
        """The inputs of one request, the same in every run. Few decimals, so that JSON of them is
        what people send."""
        rng = np.random.default_rng([SEED, sum(map(ord, self.name)), variant])
        if self.dtype == "INT32":
            return [rng.integers(-1000, 1000, self.shape).astype(np.int32) for _ in self.inputs]
        return [np.round(rng.standard_normal(self.shape), 4).astype(np.float32) for _ in self.inputs]


def _echo(name, count):
    return Workload(name, "echo", 1, (count,), "FP32", ("input",), ("output",), True)


ALL = [
    Workload("addsub", "addsub", 1, (16,), "INT32", ("INPUT0", "INPUT1"), ("OUTPUT0", "OUTPUT1"), True),
    Workload("tabular1", "tabular", 1, (30,), "FP32", ("input",), ("output",), False),
    Workload("tabular32", "tabular", 32, (30,), "FP32", ("input",), ("output",), False),
    Workload("conv", "conv", 1, (3, 64, 64), "FP32", ("input",), ("output",), False),
    _echo("echo4k", 1024),
    _echo("echo64k", 16 * 1024),
    _echo("echo1m", 256 * 1024),
]
BY_NAME = {w.name: w for w in ALL}
MODELS = sorted({w.model for w in ALL})


def write_requests(folder: pathlib.Path):
    """The inputs as raw files for the in-process loop, which speaks no protocol."""
    for workload in ALL:
        into = folder / workload.name
        into.mkdir(parents=True, exist_ok=True)
        for variant in range(VARIANTS):
            for name, array in zip(workload.inputs, workload.arrays(variant)):
                (into / f"{variant}.{name}.bin").write_bytes(array.tobytes())
        lines = [f"model {workload.model}", f"variants {VARIANTS}"]
        shape = " ".join(map(str, workload.shape))
        lines += [f"input {name} {workload.dtype} {shape}" for name in workload.inputs]
        lines += [f"output {name}" for name in workload.outputs]
        (into / "workload.txt").write_text("\n".join(lines) + "\n")
    (folder / "workloads.json").write_text(
        json.dumps([dataclasses.asdict(w) for w in ALL], indent=1) + "\n")
