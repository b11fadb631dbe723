"""The comparison: python bench.py --help. Writes a line per cell as it goes, and goes on where it was
when it is started again with the same --name."""

import argparse
import contextlib
import datetime
import json
import os
import platform
import random
import signal
import subprocess
import sys
import time

import check
import places
import report
import servers
import settings as defaults
import wire
import workloads
from driver import Driver, Talker

SETTLE_SECONDS = 0.1
CHECK_SECONDS = (1.0, 20.0)
FOLLOWS = 0.95  # of the offered rate; below it a server is saturated
HOPELESS_P99_US = 2e6


def words(text):
    return [word for word in text.split(",") if word]


def arguments():
    parser = argparse.ArgumentParser(prog="benchmarks/serving/run", description=__doc__)
    add = parser.add_argument
    add("--servers", type=words, default=["tidemill", "bare", "triton", "mlserver", "kserve", "bentoml", "ray",
                                          "fastapi", "fastapi2"], help="ceiling is always measured")
    add("--workloads", type=words, default=[w.name for w in workloads.ALL])
    add("--protocols", type=words, default=["json", "binary", "grpc"])
    add("--connections", type=lambda t: [int(w) for w in words(t)], help="instead of each workload's own")
    add("--rounds", type=int, default=5)
    add("--seconds", type=float, default=5)
    add("--warmup", type=float, default=2, help="seconds before each cell")
    add("--first-warmup", type=float, default=15, help="before a server's first cell of a workload and protocol")
    add("--quick", action="store_true", help="one short round")
    add("--open", type=words, default=["addsub", "tabular1"], help="workloads for the open loop; none: ''")
    add("--open-protocols", type=words, default=["json"])
    add("--rates", type=lambda t: [float(w) for w in words(t)], help="instead of each workload's own")
    add("--arrivals", choices=["constant", "poisson"], default="constant")
    add("--streams", type=int, default=1, help="calls at a time on one gRPC connection")
    add("--no-closed", action="store_true")
    add("--pin", choices=["shared", "split"], default="shared")
    add("--batch", type=lambda t: tuple(int(w) for w in words(t)),
        help="ROWS,MICROSECONDS for all servers and models; 1,0 for no batching")
    add("--peer-batching", action="store_true", help="MLServer's adaptive batching too")
    add("--tidemill", choices=["serve", "role"], default="serve")
    add("--tidemill-flags", type=str.split, default=[], help="JVM options")
    add("--bare-flags", type=str.split, default=[])
    add("--triton-threads", type=int, default=4)
    add("--name", default=datetime.date.today().isoformat())
    add("--seed", type=int, default=1)
    add("--report-only", action="store_true")
    add("--no-figures", action="store_true", help="leave docs/figures alone")
    given = parser.parse_args()
    if given.quick:
        given.rounds, given.seconds, given.warmup, given.first_warmup = 1, 2, 1, 3
        given.connections = given.connections or list(defaults.QUICK_CONNECTIONS)
    for name in given.servers:
        if name not in servers.ALL:
            parser.error(f"--servers: '{name}' (expected: {', '.join(servers.ALL)})")
    for name in given.workloads + given.open:
        if name not in workloads.BY_NAME:
            parser.error(f"--workloads: '{name}' (expected: {', '.join(workloads.BY_NAME)})")
    given.open = [name for name in given.open if name in given.workloads]
    return given


class Journal:
    """A line per cell; what is there is not measured again."""

    def __init__(self, name):
        places.RESULTS.mkdir(parents=True, exist_ok=True)
        self.path = places.RESULTS / f"{name}.jsonl"
        self.lines = []
        if self.path.exists():
            self.lines = [json.loads(line) for line in self.path.read_text().splitlines()]
        self.done = {self.key(line) for line in self.lines if line["kind"] == "cell"}

    @staticmethod
    def key(cell):
        names = ("round", "server", "workload", "protocol", "mode", "connections", "rate")
        return tuple(cell.get(name) for name in names)

    def write(self, **line):
        self.lines.append(line)
        if line["kind"] == "cell":
            self.done.add(self.key(line))
        with self.path.open("a") as file:
            file.write(json.dumps(line) + "\n")

    def cells(self):
        return [line for line in self.lines if line["kind"] == "cell"]


def machine():
    cpu = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "")
    memory = next(int(line.split()[1]) >> 10 for line in open("/proc/meminfo") if line.startswith("MemTotal"))
    java = subprocess.run([places.java(), "-version"], capture_output=True, text=True, check=False).stderr
    commit = subprocess.run(
        ["git", "-C", places.ROOT, "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    origin = places.DATA / "conv.origin"
    return {
        "cpu": cpu, "cores": os.cpu_count(), "memory_mib": memory, "kernel": platform.release(),
        "java": java.splitlines()[-2] if java.count("\n") > 1 else java.strip(), "commit": commit.stdout.strip(),
        "conv": origin.read_text().strip() if origin.exists() else "", "packages": packages()}


def packages():
    """What each environment has of the things that matter."""
    found = {}
    wanted = ("onnxruntime", "numpy", "nvidia_pytriton", "mlserver", "kserve", "bentoml", "ray", "fastapi", "uvicorn")
    for venv in sorted(places.VENVS.glob("*")):
        versions = {}
        for info in venv.glob("lib/python*/site-packages/*.dist-info"):
            name, _, version = info.name.removesuffix(".dist-info").rpartition("-")
            if name.lower() in wanted:
                versions[name.lower()] = version
        if versions:
            found[venv.name] = versions
    return found


class Bench:
    def __init__(self, given):
        self.given = given
        self.settings = defaults.Settings(
            pin=given.pin, tidemill=given.tidemill, tidemill_flags=given.tidemill_flags,
            bare_flags=given.bare_flags, peer_batching=given.peer_batching,
            triton_threads=given.triton_threads, batch=given.batch)
        self.journal = Journal(given.name)
        self.workloads = [workloads.BY_NAME[name] for name in given.workloads]
        self.models = sorted({w.model for w in self.workloads})
        self.up = {}
        self.warm = set()
        self.saturated = set()
        places.WORK.mkdir(parents=True, exist_ok=True)

    def run(self):
        chosen = {key: value for key, value in vars(self.given).items()}
        self.journal.write(
            kind="run", at=datetime.datetime.now().isoformat(timespec="seconds"), machine=machine(), options=chosen)
        self.driver = Driver(self.settings)
        self.ceiling = Talker("Ceiling", [places.DATA], self.settings.pin_server)
        self.expected = check.Expected(self.ceiling)
        try:
            for number in range(1, self.given.rounds + 1):
                self.round(number)
        finally:
            self.stop_all()
            self.driver.close()
            self.ceiling.close()

    def round(self, number):
        plan = [cell for w in self.workloads for cell in self.plan(number, w)]
        left = [cell for cell in plan if Journal.key(cell) not in self.journal.done]
        if not left:
            return
        self.say(f"round {number} of {self.given.rounds}: {len(left)} cells")
        self.random = random.Random(f"{self.given.seed}/{number}")
        self.warm.clear()
        self.saturated.clear()
        resident = [name for name in self.given.servers if servers.ALL[name].resident]
        for name in self.shuffled(resident):
            if any(cell["server"] == name for cell in left):
                self.start(number, name)
        for workload in self.workloads:
            here = [cell for cell in left if cell["workload"] == workload.name]
            for cell in here:
                if cell["server"] == "ceiling":
                    self.measure_ceiling(workload, cell)
            self.interleaved(workload, [cell for cell in here if cell["server"] in resident])
            for name in self.given.servers:
                block = [cell for cell in here if cell["server"] == name]
                if name not in resident and block and self.start(number, name):
                    self.interleaved(workload, block)
                    self.up.pop(name).stop()
        self.stop_all()

    def plan(self, number, workload):
        """All cells of a workload. What is compared side by side is one protocol and one load."""
        for threads in (1, 2):
            yield self.cell(number, "ceiling", workload, "none", "closed", threads, None)
        for protocol in self.given.protocols:
            able = [n for n in self.given.servers if protocol in self.protocols(n)]
            if not self.given.no_closed:
                for connections in self.given.connections or defaults.CONNECTIONS[workload.name]:
                    for name in able:
                        yield self.cell(number, name, workload, protocol, "closed", connections, None)
            if workload.name in self.given.open and protocol in self.given.open_protocols:
                for rate in self.given.rates or defaults.RATES[workload.name]:
                    for name in able:
                        yield self.cell(
                            number, name, workload, protocol, "open", defaults.OPEN_CONNECTIONS, rate)

    def protocols(self, name):
        if name == "tidemill" and self.settings.tidemill == "role":
            return ("json",)
        return servers.ALL[name].protocols

    @staticmethod
    def cell(number, server, workload, protocol, mode, connections, rate):
        return {"kind": "cell", "round": number, "server": server, "workload": workload.name,
                "protocol": protocol, "mode": mode, "connections": connections, "rate": rate}

    def interleaved(self, workload, cells):
        groups = {}
        for cell in cells:
            groups.setdefault((cell["protocol"], cell["mode"], cell["connections"], cell["rate"]), []).append(cell)
        for group in groups.values():
            for cell in self.shuffled(group):
                if cell["server"] in self.up:
                    self.measure(workload, cell)

    def shuffled(self, things):
        return self.random.sample(things, len(things))

    # --- servers ---

    def start(self, number, name):
        server = servers.ALL[name](self.models, self.settings)
        try:
            server.start()
        except servers.Unavailable as e:
            self.say(f"  {name}: not available: {e}")
            self.journal.write(kind="unavailable", round=number, server=name, why=str(e))
            return False
        self.up[name] = server
        self.journal.write(kind="start", round=number, server=name, seconds=round(server.started_in, 3))
        self.say(f"  {name}: ready after {server.started_in:.2f} s")
        time.sleep(SETTLE_SECONDS)
        server.pause()
        return True

    def stop_all(self):
        for server in self.up.values():
            with contextlib.suppress(OSError):
                server.stop()
        self.up.clear()

    # --- cells ---

    def measure_ceiling(self, workload, cell):
        self.expected.of(workload)
        seconds = self.given.seconds
        warmup = self.given.warmup if workload in self.warm else self.given.first_warmup
        self.warm.add(workload)
        self.ceiling.ask(f"run {workload.name} {cell['connections']} {warmup}")
        figures = self.ceiling.ask(f"run {workload.name} {cell['connections']} {seconds}")
        self.finish(cell, figures)

    def measure(self, workload, cell):
        follow = (cell["server"], cell["workload"], cell["protocol"])
        if cell["mode"] == "open" and follow in self.saturated:
            self.journal.write(**cell, skipped="saturated at a lower rate")
            return
        server = self.up[cell["server"]]
        if not server.alive():
            self.journal.write(kind="died", round=cell["round"], server=cell["server"], why=server.last_log())
            self.say(f"  {server.name} died: {server.last_log()}")
            server.stop()
            self.warm = {one for one in self.warm if not (isinstance(one, tuple) and one[0] == server.name)}
            if not self.start(cell["round"], server.name):
                self.finish(cell, {"failed": "the server died and did not start again"})
                return
            server = self.up[cell["server"]]
        server.resume()
        try:
            time.sleep(SETTLE_SECONDS)
            warmup = self.given.warmup
            if follow not in self.warm:
                wrong = self.check(server, workload, cell)
                if wrong:
                    self.finish(cell, {"failed": wrong})
                    return
                self.warm.add(follow)
                warmup = self.given.first_warmup
            figures = self.drive(
                server, workload, cell, cell["connections"], self.given.seconds, warmup, cell["rate"])
            self.finish(cell, figures)
            if cell["mode"] == "open" and (
                    "failed" in figures or figures["rps"] < FOLLOWS * cell["rate"]
                    or figures["p99_us"] > HOPELESS_P99_US):
                self.saturated.add(follow)
        finally:
            server.pause()

    def check(self, server, workload, cell):
        """Why a server is not measured: some answer is not what the ceiling computed. Slow ones get longer."""
        for seconds in CHECK_SECONDS:
            verdict = self.drive(server, workload, cell, 4, seconds, 0, None)
            if "failed" in verdict:
                return verdict["failed"]
            if verdict["wrong"] or verdict["errors"]:
                return "{wrong} wrong answers, {errors} errors: {why}".format(**{"why": "", **verdict})
            if verdict["verified"]:
                return None
        return "no answer in %g s" % CHECK_SECONDS[-1]

    def drive(self, server, workload, cell, connections, seconds, warmup, rate):
        protocol = cell["protocol"]
        requests = places.WORK / f"{server.dialect}-{workload.name}-{protocol}.requests"
        if not requests.exists() or requests not in self.warm:
            write = wire.DIALECTS[server.dialect, protocol][0]
            wire.write_requests(
                requests, [write(workload, workload.arrays(v)) for v in range(workloads.VARIANTS)])
            self.warm.add(requests)
        samples = places.WORK / "samples.bin"
        figures = self.driver.run(
            server.roots, protocol="grpc" if protocol == "grpc" else "http", port=server.port(protocol),
            requests=requests, connections=connections, streams=self.given.streams, seconds=seconds,
            warmup=warmup, rate=rate or 0, arrivals=self.given.arrivals, samples=samples)
        if "failed" not in figures:
            figures |= self.expected.check(workload, server.dialect, protocol, samples).words()
        return figures

    def finish(self, cell, figures):
        figures["load_before"] = round(os.getloadavg()[0], 2)
        self.journal.write(**cell, **figures)
        what = f"{cell['workload']} {cell['protocol']} " + (
            f"c={cell['connections']}" if cell["mode"] == "closed" else f"at {cell['rate']:g}/s")
        if "failed" in figures:
            self.say(f"  {what:28} {cell['server']:10} FAILED {figures['failed'][:160]}")
        else:
            self.say(
                f"  {what:28} {cell['server']:10} {figures['rps']:9.0f}/s  p50 {figures['p50_us'] / 1e3:8.2f} ms"
                f"  p99 {figures['p99_us'] / 1e3:8.2f} ms  errors {figures['errors'] + figures.get('wrong', 0)}")

    @staticmethod
    def say(text):
        print(text, flush=True)


def main():
    given = arguments()
    # So that what was started is ended when this is.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if not given.report_only:
        Bench(given).run()
    report.write(given.name, places.RESULTS, None if given.no_figures else places.FIGURES)


if __name__ == "__main__":
    sys.exit(main())
