"""What may be chosen for a run, with the defaults that the published figures use."""

import dataclasses

# Rows per batch at most, and microseconds to wait for more, by model; None: no batching.
BATCHING = {"addsub": (32, 0), "tabular": (32, 0), "conv": None, "echo": None}

# Where Triton was measured to be best with another choice than the others.
TRITON_BATCHING = {"addsub": (32, 500)}

# Callers at a time in the closed loop.
CONNECTIONS = {
    "addsub": (1, 8, 32, 256), "tabular1": (1, 8, 32, 256), "tabular32": (1, 8, 32), "conv": (1, 8, 32),
    "echo4k": (8,), "echo64k": (8,), "echo1m": (8,)}
QUICK_CONNECTIONS = (1, 8, 32)

# Requests per second offered in the open loop, until a server cannot follow.
RATES = {
    "addsub": (250, 500, 1000, 2000, 4000, 6000, 8000, 10000, 12000, 15000, 18000, 22000, 27000),
    "tabular1": (250, 500, 1000, 2000, 4000, 6000, 8000, 10000, 12000, 15000),
    "tabular32": (100, 250, 500, 1000, 1500, 2000, 2500, 3000, 3500),
    "conv": (10, 25, 50, 100, 150, 200, 250, 300)}
OPEN_CONNECTIONS = 256


@dataclasses.dataclass
class Settings:
    pin: str = "shared"  # or split: servers on core 0, driver on core 1
    tidemill: str = "serve"  # or role
    tidemill_flags: list = dataclasses.field(default_factory=list)
    bare_flags: list = dataclasses.field(default_factory=list)
    peer_batching: bool = False  # MLServer's adaptive batching
    triton_threads: int = 4
    triton_instances: dict = dataclasses.field(default_factory=lambda: {"addsub": 1, "echo": 1})
    batch: tuple | None = None  # for every model and server, to search for the best

    def batching(self, model, server=""):
        if self.batch is not None:
            return self.batch if self.batch[0] > 1 else None
        if server == "triton" and model in TRITON_BATCHING:
            return TRITON_BATCHING[model]
        return BATCHING[model]

    @property
    def pin_server(self):
        return ["taskset", "-c", "0"] if self.pin == "split" else []

    @property
    def pin_driver(self):
        return ["taskset", "-c", "1"] if self.pin == "split" else []
