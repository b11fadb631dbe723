"""BentoML with its own adaptive batching. A batchable API takes one array, so add/sub's two inputs
travel as one of [rows, 2, 16], and so do its outputs."""

import os

import bentoml
import numpy as np
from engine import Engine

NAMES = os.environ["BENCHMARK_MODELS"].split(",")
MOST = int(os.environ.get("BENCHMARK_MAX_BATCH", "32"))
LATENCY_MS = int(os.environ.get("BENCHMARK_MAX_LATENCY_MS", "10000"))


def _api(name):
    def infer(self, x: np.ndarray) -> np.ndarray:
        return self.infer(name, x)

    infer.__name__ = name
    return bentoml.api(
        batchable=True, max_batch_size=MOST, max_latency_ms=LATENCY_MS, route=f"/{name}", name=name)(infer)


class _Service:
    def __init__(self):
        self.engines = {name: Engine(name) for name in NAMES}

    def infer(self, name, x):
        if name == "addsub":
            x = x.astype(np.int32)
            return np.stack(self.engines[name].run([x[:, 0], x[:, 1]]), axis=1)
        return self.engines[name].run([x.astype(np.float32)])[0]


for _name in NAMES:
    setattr(_Service, _name, _api(_name))

Benchmark = bentoml.service(
    workers=int(os.environ.get("BENCHMARK_WORKERS", "1")), threads=2, name="benchmark",
    traffic={"timeout": 120, "max_concurrency": 2048}, metrics={"enabled": False},
    logging={"access": {"enabled": False}})(_Service)
