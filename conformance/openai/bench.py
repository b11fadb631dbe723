"""A gateway of ours in front of the scripted upstream, for every suite alike.

`python bench.py NAME...` starts both and runs the suites of that name, each as a process of its own, which learns from
the environment where they are: GATEWAY_URL (with /v1), GATEWAY_KEY, GATEWAY_HASTY_KEY (one request a minute) and
UPSTREAM_URL (what it saw: fake_upstream.py). The last line is "N passed, M failed".
"""

import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree

from fake_upstream import Upstream

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SUITES = ("openai", "langchain", "curl", "java")
RULES = """
apiVersion: tidemill.dev/v1alpha1
kind: Gateway
metadata: {name: conformance}
spec:
  listeners: [{port: 0}]
  routes:
  - {name: chat, models: [gpt-4o, org/small], upstreams: [{url: "%(upstream)s", as: llama}]}
  - {name: plain, path: /api/ai, upstreams: [{url: "%(upstream)s"}]}
  access:
    keys:
    - {name: alice, secrets: [{hash: "%(hash)s"}]}
    - {name: hasty, secrets: [{hash: "%(hasty)s"}]}
  limits:
    rates:
    - {per: [key], keys: [hasty], requestsPerMinute: 1}
    - {per: [key], tokensPerMinute: 100000000}
"""


def new_key():
    out = subprocess.run([ROOT / "tidemill", "key"], check=True, capture_output=True, text=True).stdout
    return re.search(r"key: +(\S+)", out).group(1), re.search(r"hash: +(\S+)", out).group(1)


class Gateway:
    """The process, as a user starts it."""

    def __init__(self, upstream, keys, folder):
        file = pathlib.Path(folder) / "gateway.yaml"
        file.write_text(RULES % {"upstream": upstream.url, "hash": keys[0][1], "hasty": keys[1][1]})
        self.process = subprocess.Popen([ROOT / "tidemill", "gateway", "-f", file], stdout=subprocess.PIPE, text=True)
        for line in self.process.stdout:
            found = re.search(r"gateway: (http://\S+),", line)
            if found:
                self.url = found.group(1) + "/v1"
                return
        raise SystemExit("the gateway ended before it listened")

    def stop(self):
        self.process.terminate()
        if self.process.wait(20) not in (0, 143):
            raise SystemExit(f"the gateway ended with {self.process.returncode} (expected: 0 or 143)")


def python_suite(name, venv, folder, out):
    report = pathlib.Path(folder) / f"{name}.xml"
    subprocess.run([venv / "bin" / "python", "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull,
                    "--rootdir", HERE / "suites", "--confcutdir", HERE / "suites", f"--junitxml={report}",
                    HERE / "suites" / f"test_{name}.py"], check=False, stdout=out, stderr=out)
    return [report]


def java_suite(out):
    target = HERE / "java" / "target"
    for old in target.glob("surefire-reports/*.xml"):
        old.unlink()
    subprocess.run([ROOT / "mvnw", "-B", "-ntp", "-q", "-f", HERE / "java" / "pom.xml", "test"], check=False,
                   stdout=out, stderr=out)
    return list(target.glob("surefire-reports/*.xml"))


def suite(name, venvs, folder):
    """Runs one and gives what it printed, its tests and its failures."""
    began = time.monotonic()
    with tempfile.TemporaryFile("w+", dir=folder) as out:
        venv = venvs / ("langchain" if name == "langchain" else "openai")
        passed, failed = count(java_suite(out) if name == "java" else python_suite(name, venv, folder, out))
        out.seek(0)
        text = out.read()
    took = time.monotonic() - began
    return f"== {name}\n{text}{name}: {passed} passed, {failed} failed in {took:.1f} s", passed, failed


def count(reports):
    """Tests and failures; a report that is not there is one."""
    tests = failures = 0
    for report in reports:
        if not report.exists():
            return 0, 1
        root = xml.etree.ElementTree.parse(report).getroot()
        for suite in [root] if root.tag == "testsuite" else root.findall("testsuite"):
            bad = int(suite.get("failures")) + int(suite.get("errors"))
            tests += int(suite.get("tests")) - int(suite.get("skipped") or 0)
            failures += bad
    return (tests - failures, failures) if tests else (0, 1)


def main(venvs, names):
    passed = failed = 0
    keys = new_key(), new_key()
    upstream = Upstream()
    with tempfile.TemporaryDirectory() as folder:
        gateway = Gateway(upstream, keys, folder)
        os.environ |= {"GATEWAY_URL": gateway.url, "GATEWAY_KEY": keys[0][0], "GATEWAY_HASTY_KEY": keys[1][0],
                       "UPSTREAM_URL": upstream.url}
        try:
            # The one that takes longest begins first, beside the others.
            with concurrent.futures.ThreadPoolExecutor(2) as two:
                order = sorted(names, key=lambda name: name != "java")
                for text, good, bad in two.map(lambda name: suite(name, venvs, folder), order):
                    print(text, flush=True)
                    passed, failed = passed + good, failed + bad
        finally:
            gateway.stop()
    print(f"{passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    wanted = sys.argv[2:] or SUITES
    unknown = set(wanted) - set(SUITES)
    if unknown:
        sys.exit(f"suite: '{', '.join(sorted(unknown))}' (expected: {', '.join(SUITES)})")
    sys.exit(main(pathlib.Path(sys.argv[1]), wanted))
