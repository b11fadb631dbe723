"""What the server adds to a run of ONNX Runtime, one caller at a time, by its own histograms.

The median of `tidemill_http_request_seconds` (first line of the request to the end of its answer), less
the median of the same run in a loop without a server. Buckets are wide, and a median within one is read
off as if it were filled evenly: its bounds stand beside it, and so does the mean, which is exact.
"""

import re
import statistics
import sys
import urllib.request

import places
import servers
import settings
import wire
import workloads
from driver import Driver, Talker

ROUNDS = 5
SECONDS = 4
LINE = re.compile(r'^tidemill_http_request_seconds_bucket\{(.*)\} ([0-9.eE+]+)$', re.MULTILINE)
TOTAL = re.compile(r'^tidemill_http_request_seconds_(sum|count)\{(.*)\} ([0-9.eE+-]+)$', re.MULTILINE)


def totals(port):
    """Seconds and count of inference requests."""
    text = urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5).read().decode()
    found = {"sum": 0.0, "count": 0.0}
    for kind, labels, value in TOTAL.findall(text):
        if "/infer" in labels and 'method="POST"' in labels:
            found[kind] += float(value)
    return found["sum"], found["count"]


def buckets(port):
    """Counts up to each bound in microseconds, of inference requests alone."""
    text = urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5).read().decode()
    found = {}
    for labels, count in LINE.findall(text):
        if "/infer" in labels and 'method="POST"' in labels:
            bound = re.search(r'le="([^"]+)"', labels).group(1)
            found[float(bound) * 1e6] = found.get(float(bound) * 1e6, 0) + float(count)
    return found


def median(before, after):
    """The median in microseconds, and the bounds of its bucket."""
    bounds = sorted(after)
    counts = [after[b] - before.get(b, 0) for b in bounds]
    half, below, low = counts[-1] / 2, 0.0, 0.0
    for bound, count in zip(bounds, counts, strict=True):
        if count >= half:
            return low + (bound - low) * (half - below) / (count - below), low, bound
        below, low = count, bound
    raise ValueError("no requests")


def measure(server, driver, ceiling, workload, protocol):
    write = wire.DIALECTS["oip", protocol][0]
    requests = places.WORK / f"overhead-{workload.name}-{protocol}.requests"
    wire.write_requests(requests, [write(workload, workload.arrays(v)) for v in range(workloads.VARIANTS)])
    words = {"protocol": "http", "port": server.http, "requests": requests, "connections": 1,
             "samples": places.WORK / "samples.bin"}
    driver.run(server.roots, seconds=15, warmup=0, **words)
    ceiling.ask(f"run {workload.name} 1 5")
    added = []
    for _ in range(ROUNDS):
        raw = ceiling.ask(f"run {workload.name} 1 {SECONDS}")["p50_us"]
        before, (took, asked) = buckets(server.http), totals(server.http)
        outside = driver.run(server.roots, seconds=SECONDS, warmup=0, **words)["p50_us"]
        inside, low, high = median(before, buckets(server.http))
        mean = [1e6 * (now - then) for now, then in zip(totals(server.http), (took, asked), strict=True)]
        added.append(inside - raw)
        print(f"{workload.name:9} {protocol:6} raw {raw:6.1f} us  server {inside:6.1f} us (in {low:.0f} to {high:.0f};"
              f" mean {1e6 * mean[0] / mean[1]:.1f})"
              f"  caller {outside:6.1f} us  added {inside - raw:6.1f} us", flush=True)
    print(f"{workload.name:9} {protocol:6} added: median {statistics.median(added):.1f} us,"
          f" {min(added):.1f} to {max(added):.1f}")


def main():
    places.WORK.mkdir(parents=True, exist_ok=True)
    given = settings.Settings()
    chosen = [workloads.BY_NAME[name] for name in sys.argv[1:] or ("addsub", "tabular1")]
    server = servers.ALL["tidemill"](sorted({w.model for w in chosen}), given).start()
    driver, ceiling = Driver(given), Talker("Ceiling", [places.DATA])
    try:
        for workload in chosen:
            for protocol in ("json", "binary"):
                measure(server, driver, ceiling, workload, protocol)
    finally:
        driver.close()
        ceiling.close()
        server.stop()


if __name__ == "__main__":
    main()
