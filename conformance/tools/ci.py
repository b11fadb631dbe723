"""Starts Tidemill with a copy of the suite's models and runs everything against it."""

import argparse
import contextlib
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import run
import triton

SUITE = Path(__file__).resolve().parent.parent
START_SECONDS = 600  # The first start from a source tree builds it.


@contextlib.contextmanager
def tidemill(repository, log, *more):
    """Yields the addresses of HTTP and gRPC of a server that is ready."""
    http, grpc = triton.free_ports(2)
    command = [
        *shlex.split(os.environ.get("TIDEMILL", str(SUITE.parent / "tidemill"))),
        "serve",
        f"--model-repository={repository}",
        f"--http-port={http}",
        f"--grpc-port={grpc}",
        "--model-control-mode=explicit",
        "--load-model=*",
        *more,
    ]
    with log.open("ab") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, start_new_session=True)
    oracle = triton.Oracle(f"127.0.0.1:{http}", f"127.0.0.1:{grpc}", log, process)
    try:
        await_ready(oracle)
        yield oracle.http, oracle.grpc
    finally:
        triton.stop(process)


@contextlib.contextmanager
def gateway(http, grpc, models, folder):
    """Yields the address of gRPC of a gateway in front of that server."""
    file = folder / "gateway.yaml"
    names = ", ".join(f'"{name}"' for name in [*models, "*"])
    file.write_text(
        f"""
apiVersion: tidemill.dev/v1alpha1
kind: Gateway
metadata: {{name: conformance}}
spec:
  listeners: [{{port: 0, grpcPort: 0}}]
  routes:
  - name: all
    models: [{names}]
    upstreams: [{{url: "http://{http}", grpcPort: {grpc.rpartition(":")[2]}}}]
"""
    )
    command = [*shlex.split(os.environ.get("TIDEMILL", str(SUITE.parent / "tidemill"))), "gateway", "-f", str(file)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        for line in process.stdout:
            found = re.search(r" grpc: ([^ ,]+),", line)
            if found:
                yield found.group(1)
                return
        sys.exit("the gateway ended before it listened")
    finally:
        triton.stop(process)


def through_a_gateway(options, folder, more):
    """The gRPC part once more, with a gateway between clients and server."""
    models = sorted(each.name for each in (SUITE / "models" / "repository").iterdir())
    with gateway(options.http, options.grpc, models, folder) as address:
        between = argparse.Namespace(**vars(options))
        between.grpc = between.tfs_grpc = address
        between.profile, between.no_kserve_clients = "gateway", True
        between.tfs_http = between.kserve_v1 = between.repository = None
        groups = [str(SUITE / "suite" / each) for each in ("open_inference_grpc", "tensorflow_grpc")]
        tests = [*groups, str(SUITE / "suite" / "triton_clients" / "test_grpc_client.py")]
        return run.run_all(between, [*run.others_only(more), *tests])


def await_ready(server):
    end = time.monotonic() + START_SECONDS
    while not server.is_ready():
        if server.process.poll() is not None or time.monotonic() > end:
            sys.exit(f"the server did not get ready; the end of its log:\n{server.log.read_text()[-3000:]}")
        time.sleep(0.2)


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    options, more = run.arguments()
    with tempfile.TemporaryDirectory(prefix="conformance-") as folder, contextlib.ExitStack() as stack:
        repository = Path(folder) / "repository"
        shutil.copytree(SUITE / "models" / "repository", repository)
        log = Path(folder) / "server.log"
        options.http, options.grpc = stack.enter_context(tidemill(repository, log))
        options.tfs_http, options.tfs_grpc = options.http, options.grpc
        # The paths of KServe's V1 are TensorFlow Serving's, so that takes a server of its own.
        options.kserve_v1, _ = stack.enter_context(tidemill(repository, log, "--v1-flavour=kserve"))
        options.repository = str(repository)
        oracle = stack.enter_context(triton.serve(options.venvs / "triton"))
        more += [f"--oracle-http={oracle.http}", f"--oracle-grpc={oracle.grpc}"]
        results, complete = run.run_all(options, more)
        again, whole = through_a_gateway(options, Path(folder), more)
        results, complete = results + again, complete and whole
    return run.summary(results, complete, options.report)


if __name__ == "__main__":
    sys.exit(main())
