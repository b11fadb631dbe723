"""A real Triton server with the suite's models, on free loopback ports. Run as a program it serves until interrupted."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

SUITE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(SUITE / "models"))

import make_python  # noqa: E402


@dataclass(frozen=True)
class Oracle:
    http: str
    grpc: str
    log: Path
    process: subprocess.Popen

    def is_ready(self):
        try:
            with urllib.request.urlopen(f"http://{self.http}/v2/health/ready", timeout=2) as answer:
                return answer.status == 200
        except OSError:
            return False


def free_ports(count):
    """Ports that nobody has now; all are held until all are known, so that they differ."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def command(server, repository, http, grpc):
    return [
        str(server / "bin" / "tritonserver"),
        f"--model-repository={repository}",
        f"--backend-directory={server / 'backends'}",
        "--http-address=127.0.0.1",
        f"--http-port={http}",
        "--grpc-address=127.0.0.1",
        f"--grpc-port={grpc}",
        "--allow-metrics=false",
        "--model-control-mode=explicit",
        "--load-model=*",
        # One model is broken on purpose.
        "--exit-on-error=false",
        "--strict-readiness=false",
    ]


@contextlib.contextmanager
def serve(venv, wait_seconds=180):
    """Yields an Oracle that is ready; stops the server at the end."""
    venv = Path(venv)
    server = (venv / "tritonserver").resolve()
    folder = Path(tempfile.mkdtemp(prefix="conformance-triton-"))
    make_python.write_repository(folder / "repository")
    http, grpc = free_ports(2)
    log = folder / "triton.log"
    environment = dict(os.environ, PATH=f"{venv / 'bin'}{os.pathsep}{os.environ['PATH']}")
    with log.open("wb") as out:
        process = subprocess.Popen(
            command(server, folder / "repository", http, grpc),
            stdout=out,
            stderr=subprocess.STDOUT,
            env=environment,
            start_new_session=True,
        )
    oracle = Oracle(f"127.0.0.1:{http}", f"127.0.0.1:{grpc}", log, process)
    try:
        await_ready(oracle, wait_seconds)
        yield oracle
    finally:
        stop(process)
        shutil.rmtree(folder, ignore_errors=True)


def await_ready(oracle, wait_seconds):
    end = time.monotonic() + wait_seconds
    while not oracle.is_ready():
        if oracle.process.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"Triton did not get ready; the end of its log:\n{oracle.log.read_text()[-3000:]}")
        time.sleep(0.2)


def stop(process):
    """The server has a group of its own: what it leaves behind, such as stubs of models when it crashed, goes too."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(40)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with serve(sys.argv[1]) as running, contextlib.suppress(KeyboardInterrupt):
        print(f"http {running.http} grpc {running.grpc} log {running.log}", flush=True)
        running.process.wait()
