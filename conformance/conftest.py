"""Options, the server's profile, and the fixtures that all groups share. See README.md."""

import json
from pathlib import Path

import pytest
from support.policy import Policy
from support.wire import Wire

SUITE = Path(__file__).resolve().parent / "suite"

# Group -> the options without which it does not run.
GROUPS = {
    "open_inference_rest": ["http"],
    "open_inference_grpc": ["grpc"],
    "triton_clients": ["http", "grpc"],
    "tensorflow_rest": ["tfs_http"],
    "tensorflow_grpc": ["tfs_grpc"],
    "tensorflow_reload": ["tfs_grpc", "repository"],
    "kserve_v1": ["kserve_v1"],
    "kserve_clients": ["kserve_clients", "http", "grpc"],
    "differential": ["http", "oracle_http"],
    "differential_grpc": ["grpc", "oracle_grpc"],
}


def pytest_addoption(parser):
    add = parser.getgroup("conformance").addoption
    add("--http", help="HOST:PORT of Open Inference over HTTP")
    add("--grpc", help="HOST:PORT of Open Inference over gRPC")
    add("--tfs-http", help="HOST:PORT of TensorFlow Serving's REST API")
    add("--tfs-grpc", help="HOST:PORT of TensorFlow Serving's gRPC API")
    add("--kserve-v1", help="HOST:PORT of KServe's V1 protocol")
    add("--kserve-clients", action="store_true", help="run KServe's own clients (in their own environment)")
    add("--repository", help="folder of the models as the server sees it: for tests of its reload")
    add("--oracle-http", help="HOST:PORT of the server to compare with")
    add("--oracle-grpc", help="HOST:PORT of the server to compare with, over gRPC")
    add("--profile", default="tidemill", help="what is known of the server: a file in profiles/")
    add("--seed", type=int, default=20250101, help="of the requests made at random")
    add("--comparisons", type=int, default=400, help="how many random requests are compared")
    add("--report", help="JSON file for the results")


def group_of(item):
    return item.path.relative_to(SUITE).parts[0]


def short_name(item):
    return item.nodeid.split("suite/", 1)[-1]


def pytest_ignore_collect(collection_path, config):
    if SUITE not in collection_path.parents:
        return None
    needed = GROUPS[collection_path.relative_to(SUITE).parts[0]]
    # The clients of KServe and of Triton cannot be loaded into one process.
    alone = config.getoption("kserve_clients") and "kserve_clients" not in needed
    return True if alone or not all(config.getoption(each) for each in needed) else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    # A reload replaces what is served, so it comes last.
    items.sort(key=lambda item: group_of(item) == "tensorflow_reload")
    policy = Policy(config.getoption("profile"))
    differences = policy.deviations | policy.not_run
    left = dict(differences)
    for item in items:
        for name in (short_name(item), short_name(item).split("[")[0]):
            if name in differences:
                left.pop(name, None)
                reason = f"{policy.name}: {differences[name]}"
                item.add_marker(pytest.mark.xfail(reason=reason, strict=True, run=name not in policy.not_run))
    collected = {group_of(item) for item in items}
    stale = [name for name in left if name.split("/")[0] in collected]
    if stale and not config.getoption("keyword") and not config.option.file_or_dir:
        raise pytest.UsageError(f"{policy.name}.toml lists tests that are not there: {stale}")


def pytest_report_header(config):
    asked = [name for name, needed in GROUPS.items() if all(config.getoption(each) for each in needed)]
    return [
        f"profile: {config.getoption('profile')}, seed: {config.getoption('seed')}",
        f"groups: {', '.join(asked) or 'none'}; not asked for: {', '.join(sorted(set(GROUPS) - set(asked))) or 'none'}",
    ]


class Report:
    def __init__(self, path):
        self.path = Path(path)
        self.results = []

    def pytest_runtest_logreport(self, report):
        if report.when != "call" and report.outcome == "passed":
            return
        outcome = report.outcome
        if hasattr(report, "wasxfail"):
            outcome = "expected failure" if outcome == "skipped" else outcome
        self.results.append(
            {
                "test": report.nodeid.split("suite/", 1)[-1],
                "outcome": outcome,
                "seconds": round(report.duration, 3),
                "reason": getattr(report, "wasxfail", "") or (str(report.longrepr)[-2000:] if report.failed else ""),
            }
        )

    def pytest_sessionfinish(self):
        self.path.write_text(json.dumps(self.results, indent=1) + "\n")


def pytest_configure(config):
    if config.getoption("report"):
        config.pluginmanager.register(Report(config.getoption("report")))


@pytest.fixture(scope="session")
def policy(request):
    return Policy(request.config.getoption("profile"))


@pytest.fixture(scope="session")
def rest(request):
    return Wire(request.config.getoption("http"))


@pytest.fixture(scope="session")
def http_address(request):
    return request.config.getoption("http")


@pytest.fixture(scope="session")
def grpc_address(request):
    return request.config.getoption("grpc")
