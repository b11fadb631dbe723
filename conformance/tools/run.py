"""Runs the groups of the suite, each in the environment it needs, and adds up their results."""

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import triton

SUITE = Path(__file__).resolve().parent.parent
PASSED = ("passed", "expected failure")


def arguments(given=None):
    parser = argparse.ArgumentParser(
        prog="conformance/run",
        description="Tests an inference server from outside. What is not given an address is not tested.",
        epilog="Further options go to pytest, such as -k NAME or -x.",
    )
    add = parser.add_argument
    add("--venvs", required=True, type=Path, help=argparse.SUPPRESS)
    add("--http", metavar="HOST:PORT", help="Open Inference over HTTP")
    add("--grpc", metavar="HOST:PORT", help="Open Inference over gRPC")
    add("--tfs-http", metavar="HOST:PORT", help="TensorFlow Serving's REST API")
    add("--tfs-grpc", metavar="HOST:PORT", help="TensorFlow Serving's gRPC API")
    add(
        "--kserve-v1",
        metavar="HOST:PORT",
        nargs="?",
        const="",
        help="KServe's V1 protocol; without an address, at the one of --http",
    )
    add("--repository", metavar="DIR", help="the models as the server sees them: for TensorFlow Serving's reload")
    add("--profile", default="tidemill", help="what is known of the server: a file in profiles/ (default: tidemill)")
    add("--differential", action="store_true", help="start a Triton and compare the answers of both")
    add("--triton", action="store_true", help="start a Triton and test that")
    add("--no-kserve-clients", action="store_true", help="leave KServe's Python clients out")
    add("--report", metavar="FILE", type=Path, help="write all results as JSON")
    return parser.parse_known_args(given)


def pytest_command(options, venv, more):
    command = [str(options.venvs / venv / "bin" / "python"), "-B", "-m", "pytest", "-c", str(SUITE / "pytest.ini")]
    for name in ("http", "grpc", "tfs_http", "tfs_grpc", "kserve_v1", "repository", "profile"):
        if getattr(options, name):
            # With =, or pytest takes a value that is a path for a place to look for tests in.
            command.append(f"--{name.replace('_', '-')}={getattr(options, name)}")
    return command + more


def run(options, venv, more):
    """The results of one pytest, and whether it got as far as having results."""
    stubs = str((options.venvs / "stubs").resolve())
    environment = dict(os.environ, PYTHONPATH=stubs, PYTHONDONTWRITEBYTECODE="1")
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = pytest_command(options, venv, [*more, f"--report={report}"])
        code = subprocess.run(command, env=environment, cwd=SUITE).returncode
        results = json.loads(report.read_text()) if report.is_file() else []
        # 5: nothing was there to run, which -k can mean.
        return results, code in (0, 1, 5)


def run_all(options, more):
    if options.kserve_v1 == "":
        options.kserve_v1 = options.http
    results, complete = run(options, "clients", more)
    if options.http and options.grpc and not options.no_kserve_clients:
        others, fine = run(options, "kserve", ["--kserve-clients", *others_only(more)])
        results, complete = results + others, complete and fine
    return results, complete


def others_only(more):
    """Without the options of groups that KServe's process does not run."""
    return [each for each in more if not each.startswith("--oracle")]


def summary(results, complete, report):
    if report:
        report.write_text(json.dumps(results, indent=1) + "\n")
    known = sum(each["outcome"] == "expected failure" for each in results)
    failed = [each for each in results if each["outcome"] not in PASSED]
    for each in failed:
        print(f"FAILED {each['test']}")
    if known:
        print(f"{known} of the passed are differences that the profile allows and explains")
    passed = len(results) - len(failed)
    failures = len(failed) + (0 if complete else 1)
    if not complete:
        print("a part of the suite did not run to its end")
    print(f"{passed} passed, {failures} failed", flush=True)
    return 1 if failures or not results else 0


def main(given=None):
    options, more = arguments(given)
    with contextlib.ExitStack() as stack:
        if options.triton or options.differential:
            oracle = stack.enter_context(triton.serve(options.venvs / "triton"))
            if options.triton:
                options.http, options.grpc = oracle.http, oracle.grpc
            more += [f"--oracle-http={oracle.http}", f"--oracle-grpc={oracle.grpc}"]
        results, complete = run_all(options, more)
    return summary(results, complete, options.report)


if __name__ == "__main__":
    sys.exit(main())
