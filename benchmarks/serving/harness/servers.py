"""The servers of the comparison: how each is started, and what it speaks."""

import contextlib
import http.client
import json
import os
import pathlib
import shutil
import signal
import subprocess
import time

import places
import procs
import tidemill
import workloads

READY_SECONDS = 120
ALL = {}


class Unavailable(Exception):
    """Why a server cannot take part."""


class Server:
    """One server process tree with the models that its cells need."""

    name = ""
    title = ""
    protocols = ("json",)
    dialect = "oip"
    ready_path = "/v2/health/ready"
    resident = True  # stays up for a round; others are started for each workload
    may_pause = True  # stands still while others are measured
    note = ""

    def __init__(self, models, settings):
        self.models = list(models)
        self.settings = settings
        self.http = places.free_port()
        self.grpc = places.free_port()
        self.process = None
        self.started_in = None

    def __init_subclass__(cls):
        if cls.name:
            ALL[cls.name] = cls

    # for subclasses
    def command(self):
        """Command, environment, standard input."""
        raise NotImplementedError

    def batching(self, model):
        """(largest batch in rows, delay in microseconds), or None for no batching."""
        return self.settings.batching(model, self.name)

    @property
    def roots(self):
        return [self.process.pid]

    def start(self):
        places.LOGS.mkdir(parents=True, exist_ok=True)
        command, environment, given = self.command()
        command = [*self.settings.pin_server, *map(str, command)]
        log = open(places.LOGS / f"{self.name}.log", "wb")
        begin = time.monotonic()
        # A group of its own: an interrupt at the keyboard is for the harness.
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=log, stderr=subprocess.STDOUT, cwd=self.folder(),
            env={**os.environ, **environment}, start_new_session=True)
        if given:
            self.process.stdin.write(given.encode())
            self.process.stdin.flush()
        try:
            self.wait(begin)
        except BaseException:
            self.stop()
            raise
        return self

    def folder(self):
        folder = places.WORK / self.name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def wait(self, begin):
        while time.monotonic() - begin < READY_SECONDS:
            if self.process.poll() is not None:
                raise Unavailable(f"ended with {self.process.returncode}: {self.last_log()}")
            if self.ready():
                self.started_in = time.monotonic() - begin
                return
            time.sleep(0.02)
        raise Unavailable(f"not ready after {READY_SECONDS} s: {self.last_log()}")

    def ready(self):
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", self.http, timeout=5)
            connection.request("GET", self.ready_path)
            ok = connection.getresponse().status == 200
            connection.close()
            return ok
        return False

    def last_log(self):
        lines = (places.LOGS / f"{self.name}.log").read_text(errors="replace").splitlines()
        return " | ".join(lines[-3:])[-300:]

    def port(self, protocol):
        return self.grpc if protocol == "grpc" else self.http

    def alive(self):
        return self.process is not None and self.process.poll() is None

    def pause(self):
        if self.may_pause:
            procs.send(self.roots, signal.SIGSTOP)

    def resume(self):
        if self.may_pause:
            procs.send(self.roots, signal.SIGCONT)

    def stop(self):
        if self.process is not None:
            procs.end(self.process)
            self.process = None


def python_of(venv):
    program = places.python(venv)
    if not program.exists():
        reason = places.VENVS / f"{venv}.failed"
        raise Unavailable(reason.read_text().strip() if reason.exists() else "not installed")
    return program


class Tidemill(Server):
    name = "tidemill"
    title = "Tidemill"
    protocols = ("json", "binary", "grpc")

    def command(self):
        flags = self.settings.tidemill_flags
        if self.settings.tidemill == "role":
            command, given = tidemill.role(self.http, self.models, flags or ["-Xmx512m"], places.java())
            return command, {}, given
        chosen = {model: self.batching(model) for model in self.models}
        folder = tidemill.repository(self.models, chosen)
        environment = {"TIDEMILL_JAVA_OPTS": " ".join(flags)} if flags else {}
        return [
            places.ROOT / "tidemill", "serve", "--model-repository", folder, "--http-port", self.http,
            "--grpc-port", self.grpc, "--max-in-flight", 1024], environment, ""


class Bare(Server):
    name = "bare"
    title = "Bare Helidon handler"
    protocols = ("json", "binary", "grpc")

    def command(self):
        return [
            places.java(), *self.settings.bare_flags, "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow", "-cp", places.classpath(),
            "dev.tidemill.benchmarks.serving.BareHandler", self.http, self.grpc, places.REPOSITORY,
            *self.models], {}, ""


class Triton(Server):
    name = "triton"
    title = "Triton 2.51, Python backend"
    protocols = ("json", "binary", "grpc")
    may_pause = False  # it ends with a signal 11 when its locks in shared memory time out; idle it costs little
    regions = "tidemill-benchmark-"

    def command(self):
        program = python_of("triton")
        home = next(places.VENVS.glob("triton/lib/python*/site-packages/pytriton/tritonserver"))
        self.prepare_backend(home)
        environment = {
            "PATH": f"{program.parent}:{os.environ['PATH']}",
            "BENCHMARK_REPOSITORY": str(places.REPOSITORY)}
        return [
            home / "bin" / "tritonserver", f"--model-repository={self.repository()}",
            f"--backend-directory={home / 'backends'}",
            f"--backend-config=python,shm-region-prefix-name={self.regions}{os.getpid()}-", "--http-address=127.0.0.1", "--grpc-address=127.0.0.1",
            f"--http-port={self.http}", f"--grpc-port={self.grpc}", "--allow-metrics=false",
            f"--http-thread-count={self.settings.triton_threads}"], environment, ""

    def prepare_backend(self, home):
        """The package carries a stub per Python version; Triton looks for one beside the backend."""
        version = next(places.VENVS.glob("triton/lib/python*")).name.removeprefix("python")
        stub = home / "backends" / "python" / "triton_python_backend_stub"
        source = home / "python_backend_stubs" / version / "triton_python_backend_stub"
        if not source.exists():
            raise Unavailable(f"the package has no backend for Python {version}")
        if not stub.exists():
            shutil.copyfile(source, stub)
            stub.chmod(0o755)

    def stop(self):
        """It leaves its shared memory behind when it does not end in peace."""
        super().stop()
        for region in pathlib.Path("/dev/shm").glob(f"{self.regions}{os.getpid()}-*"):
            region.unlink(missing_ok=True)

    def repository(self):
        folder = places.WORK / "triton-repository"
        shutil.rmtree(folder, ignore_errors=True)
        for model in self.models:
            version = folder / model / "1"
            version.mkdir(parents=True)
            shutil.copyfile(places.PEERS / "triton" / "model.py", version / "model.py")
            (folder / model / "config.pbtxt").write_text(self.config(model))
        return folder

    def config(self, model):
        workload = next(w for w in workloads.ALL if w.model == model)
        most, delay = self.batching(model) or (0, 0)
        dims = [-1] if model == "echo" else list(workload.width)
        if most == 0:
            dims = [-1, *dims]
        tensors = ""
        for kind, names in (("input", workload.inputs), ("output", workload.outputs)):
            for name in names:
                shape = dims
                if kind == "output" and model in ("tabular", "conv"):
                    shape = [*dims[:len(dims) - len(workload.width)], {"tabular": 2, "conv": 10}[model]]
                tensors += (f'{kind} {{ name: "{name}" data_type: TYPE_{workload.dtype} '
                            f"dims: {shape} }}\n")
        batching = f"dynamic_batching {{ max_queue_delay_microseconds: {delay} }}\n" if most else ""
        instances = self.settings.triton_instances.get(model, 2)
        return (f'name: "{model}"\nbackend: "python"\nmax_batch_size: {most}\n{tensors}{batching}'
                f"instance_group [ {{ kind: KIND_CPU count: {instances} }} ]\n")


class PythonServer(Server):
    """What the peers written in Python share."""

    venv = ""

    def environment(self):
        return {
            "BENCHMARK_REPOSITORY": str(places.REPOSITORY),
            "BENCHMARK_MODELS": ",".join(self.models),
            "PYTHONPATH": f"{places.PEERS / 'common'}:{places.PEERS / self.venv}",
            "PATH": f"{python_of(self.venv).parent}:{os.environ['PATH']}",
            "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}

    def largest_batch(self):
        """One setting for the whole process where a peer has no setting per model."""
        return next(((most, delay) for most, delay in filter(None, map(self.batching, self.models))), (1, 0))


class MLServer(PythonServer):
    name = "mlserver"
    title = "MLServer 1.7.1"
    venv = "mlserver"
    protocols = ("json", "grpc")
    note = "no binary REST (422)"

    def command(self):
        program = python_of(self.venv)
        folder = self.folder() / "models"
        shutil.rmtree(folder, ignore_errors=True)
        for model in self.models:
            (folder / model).mkdir(parents=True)
            settings = {"name": model, "implementation": "runtime.BenchmarkModel"}
            # Its batching costs more than it gives where a run costs little: see the README.
            if self.batching(model) and self.settings.peer_batching:
                most, delay = self.batching(model)
                settings |= {"max_batch_size": most, "max_batch_time": delay / 1e6}
            (folder / model / "model-settings.json").write_text(json.dumps(settings))
        (folder / "settings.json").write_text(json.dumps({
            "debug": False, "host": "127.0.0.1", "http_port": self.http, "grpc_port": self.grpc,
            "metrics_endpoint": None, "parallel_workers": 0, "grpc_max_message_length": 64 << 20}))
        return [program.parent / "mlserver", "start", folder], self.environment(), ""


class KServe(PythonServer):
    name = "kserve"
    title = "KServe SDK 0.21"
    venv = "kserve"
    protocols = ("json", "binary", "grpc")

    def command(self):
        return [
            python_of(self.venv), places.PEERS / "kserve" / "server.py", "--http_port", self.http,
            "--grpc_port", self.grpc, "--workers", 1,
            "--grpc_max_send_message_length", 64 << 20,
            "--grpc_max_receive_message_length", 64 << 20], self.environment(), ""


class FastApi(PythonServer):
    name = "fastapi"
    title = "FastAPI, 1 worker"
    venv = "fastapi"
    protocols = ("json", "binary")
    workers = 1

    def command(self):
        environment = self.environment() | {"BENCHMARK_THREADS": "2" if self.workers == 1 else "1"}
        return [
            python_of(self.venv), "-m", "uvicorn", "app:app", "--host", "127.0.0.1", "--port", self.http,
            "--workers", self.workers, "--no-access-log", "--log-level", "warning", "--loop", "uvloop",
            "--http", "httptools", "--timeout-worker-healthcheck", 3600], environment, ""


class FastApi2(FastApi):
    name = "fastapi2"
    title = "FastAPI, 2 workers"
    workers = 2


class BentoML(PythonServer):
    name = "bentoml"
    title = "BentoML"
    venv = "bentoml"
    dialect = "bento"
    ready_path = "/readyz"
    note = "its own JSON form"

    def command(self):
        most, delay = self.largest_batch()
        environment = self.environment() | {
            "BENCHMARK_MAX_BATCH": str(most), "BENTOML_HOME": str(self.folder()), "BENTOML_DO_NOT_TRACK": "true",
            "BENCHMARK_MAX_LATENCY_MS": "10000"}
        return [
            python_of(self.venv).parent / "bentoml", "serve", "service:Benchmark", "--working-dir",
            places.PEERS / "bentoml", "--host", "127.0.0.1", "--port", self.http], environment, ""


class RayServe(PythonServer):
    name = "ray"
    title = "Ray Serve"
    venv = "ray"
    protocols = ("json", "binary")
    resident = False  # busy even when nothing is asked of it
    may_pause = False  # its processes watch each other's heartbeats

    def command(self):
        most, delay = self.largest_batch()
        environment = self.environment() | {
            "BENCHMARK_MAX_BATCH": str(most), "BENCHMARK_BATCH_WAIT": str(delay / 1e6),
            "RAY_USAGE_STATS_ENABLED": "0", "RAY_SERVE_QUEUE_LENGTH_RESPONSE_DEADLINE_S": "1"}
        return [python_of(self.venv), places.PEERS / "ray" / "app.py", self.http], environment, ""
