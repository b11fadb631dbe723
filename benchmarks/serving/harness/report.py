"""The figures of a run: a JSON summary, Markdown tables and plots."""

import json
import statistics

import numpy as np

import workloads

OURS = "tidemill"
TITLES = {
    "ceiling": "ONNX Runtime in process", "tidemill": "Tidemill", "bare": "Bare Helidon handler",
    "triton": "Triton 2.51 (Python backend)", "mlserver": "MLServer 1.7.1", "kserve": "KServe SDK 0.21",
    "bentoml": "BentoML 1.4", "ray": "Ray Serve 2.60", "fastapi": "FastAPI, 1 worker",
    "fastapi2": "FastAPI, 2 workers"}
RESAMPLES = 10_000
FIGURES = ("rps", "p50_us", "p99_us", "p99.9_us", "server_cpu_s_per_1000", "driver_cpu_s_per_1000", "rss_mib",
           "pss_mib", "answer_bytes", "lag_p99_us")

# The targets of the issue: what, how it is measured, and the bound that it has to reach.
TARGETS = (
    ("JSON add/sub c=32, times Triton", ("ratio", "addsub", "json", 32, "triton"), ">=", 2),
    ("JSON add/sub c=32, times MLServer", ("ratio", "addsub", "json", 32, "mlserver"), ">=", 12),
    ("JSON add/sub c=32, times KServe", ("ratio", "addsub", "json", 32, "kserve"), ">=", 12),
    ("JSON add/sub c=32, of the bare handler", ("ratio", "addsub", "json", 32, "bare"), ">=", 0.85),
    ("JSON add/sub c=32, p99 in ms", ("p99", "addsub", "json", 32), "<=", 8),
    ("JSON add/sub c=256, of c=32", ("scale", "addsub", "json", 256, 32), ">=", 0.9),
    ("tabular, 32 rows, JSON c=8, of the ceiling", ("ceiling", "tabular32", "json", 8), ">=", 0.85),
    ("tabular, 32 rows, binary c=8, of the ceiling", ("ceiling", "tabular32", "binary", 8), ">=", 0.85),
    ("conv, binary c=8, of the ceiling", ("ceiling", "conv", "binary", 8), "0.9..1.1", None),
    ("echo 64 KB c=8, binary REST times JSON", ("protocol", "echo64k", "binary", 8), ">=", 1),
    ("echo 64 KB c=8, gRPC times JSON", ("protocol", "echo64k", "grpc", 8), ">=", 1),
    ("echo 1 MB c=8, binary REST times JSON", ("protocol", "echo1m", "binary", 8), ">=", 1),
    ("echo 1 MB c=8, gRPC times JSON", ("protocol", "echo1m", "grpc", 8), ">=", 1),
)


def interval(values, seed=1):
    """95 % bootstrap interval of the median; None where two rounds or fewer say nothing."""
    if len(values) < 3:
        return None
    rng = np.random.default_rng(seed)
    medians = np.median(rng.choice(values, (RESAMPLES, len(values))), axis=1)
    return [round(float(q), 3) for q in np.quantile(medians, (0.025, 0.975))]


class Run:
    def __init__(self, lines):
        self.lines = lines
        self.cells = {}
        for line in lines:
            if line["kind"] == "cell" and "rps" in line:
                key = tuple(line[k] for k in ("server", "workload", "protocol", "mode", "connections", "rate"))
                self.cells.setdefault(key, {})[line["round"]] = line
        self.failed = [line for line in lines if line["kind"] == "cell" and "failed" in line]
        self.unavailable = {line["server"]: line["why"] for line in lines if line["kind"] == "unavailable"}
        self.starts = {}
        for line in lines:
            if line["kind"] == "start":
                self.starts.setdefault(line["server"], []).append(line["seconds"])

    def closed(self, server, workload, protocol, connections):
        return self.cells.get((server, workload, protocol, "closed", connections, None), {})

    def ceiling(self, workload, connections):
        return self.closed("ceiling", workload, "none", min(connections, 2))

    @staticmethod
    def paired(first, second):
        """By round, so that a slow minute of the machine meets both."""
        return [first[r]["rps"] / second[r]["rps"] for r in sorted(first.keys() & second.keys())
                if second[r]["rps"] > 0]

    def measured(self, what):
        kind, workload, protocol, connections, *other = what
        mine = self.closed(OURS, workload, protocol, connections)
        if kind == "p99":
            return [cell["p99_us"] / 1e3 for cell in mine.values()]
        against = {
            "ratio": lambda: self.closed(other[0], workload, protocol, connections),
            "scale": lambda: self.closed(OURS, workload, protocol, other[0]),
            "ceiling": lambda: self.ceiling(workload, connections),
            "protocol": lambda: self.closed(OURS, workload, "json", connections)}[kind]()
        return self.paired(mine, against)

    def groups(self, mode):
        """(workload, protocol, connections, rate) in the order of the workloads."""
        found = {key[1:3] + key[4:] for key in self.cells if key[3] == mode and key[0] != "ceiling"}
        order = [w.name for w in workloads.ALL]
        protocols = ["json", "binary", "grpc"]
        return sorted(found, key=lambda g: (order.index(g[0]), protocols.index(g[1]), g[2], g[3] or 0))

    def servers(self):
        present = {key[0] for key in self.cells}
        return [name for name in TITLES if name in present]


def median(cells, name):
    values = [cell[name] for cell in cells.values() if name in cell]
    return statistics.median(values) if values else None


def summary(run):
    rows = []
    for key, cells in run.cells.items():
        server, workload, protocol, mode, connections, rate = key
        row = {"server": server, "workload": workload, "protocol": protocol, "mode": mode,
               "connections": connections, "rate": rate, "rounds": len(cells),
               "errors": sum(c["errors"] + c.get("wrong", 0) for c in cells.values()),
               "verified": sum(c.get("verified", 0) for c in cells.values())}
        for name in FIGURES:
            row[name] = median(cells, name)
        speeds = [cell["rps"] for cell in cells.values()]
        row["rps_min"], row["rps_max"] = min(speeds), max(speeds)
        if mode == "closed" and server not in (OURS, "ceiling"):
            ratios = run.paired(run.closed(OURS, workload, protocol, connections), cells)
            if ratios:
                row["ours_times"] = round(statistics.median(ratios), 3)
                row["ours_times_interval"] = interval(ratios)
        rows.append(row)
    return rows


def number(value, digits=1):
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.{digits}f}"


def milliseconds(value):
    return "–" if not value else f"{value / 1e3:.2f}"


def times(row):
    if row.get("ours_times") is None:
        return ""
    between = row.get("ours_times_interval")
    return f"{row['ours_times']:.2f}x" + (f" [{between[0]:.2f}, {between[1]:.2f}]" if between else "")


def targets(run):
    yield "| target | wanted | measured | interval | |"
    yield "|---|---|---|---|---|"
    for title, what, sign, bound in TARGETS:
        values = run.measured(what)
        if not values:
            yield f"| {title} | {sign} {bound or ''} | not measured | | |"
            continue
        got = statistics.median(values)
        met = {">=": lambda: got >= bound, "<=": lambda: got <= bound, "0.9..1.1": lambda: 0.9 <= got <= 1.1}[sign]()
        between = interval(values)
        shown = f"[{between[0]:.2f}, {between[1]:.2f}]" if between else f"{len(values)} round(s)"
        yield f"| {title} | {sign} {'' if bound is None else bound} | {got:.2f} | {shown} | {'met' if met else '**missed**'} |"


def markdown(run, rows):
    head = next((line for line in reversed(run.lines) if line["kind"] == "run"), {})
    machine = head.get("machine", {})
    yield "# Model servers compared"
    yield ""
    yield (f"`benchmarks/serving/run`, {head.get('at', '')[:10]}, commit {machine.get('commit', '')}: "
           f"{machine.get('cpu', '')}, {machine.get('cores', '')} cores shared with the load driver "
           f"(`--pin {head.get('options', {}).get('pin', '')}`), {machine.get('java', '')}. "
           f"The convolutional net: {machine.get('conv', '')}. How to read this: benchmarks/README.md.")
    yield ""
    yield "## Targets"
    yield ""
    yield from targets(run)
    for name, why in run.unavailable.items():
        yield ""
        yield f"**{TITLES[name]} could not take part**: {why.replace('|', '/')}"
    yield from failures(run)
    yield from starts(run, rows)
    yield from closed_tables(run, rows)
    yield from open_tables(run, rows)


def failures(run):
    seen = {}
    for cell in run.failed:
        seen.setdefault((cell["server"], cell["workload"], cell["protocol"]), cell["failed"])
    if seen:
        yield ""
        yield "Cells that could not be measured:"
        yield ""
        for (server, workload, protocol), why in seen.items():
            yield f"- {TITLES[server]}, {workload}, {protocol}: {why[:200]}"


def starts(run, rows):
    yield ""
    yield "## Start and memory"
    yield ""
    yield "| server | start to ready, s (median) | resident after load, MiB (largest cell median) |"
    yield "|---|---|---|"
    for name in run.servers():
        if name in run.starts:
            memory = max((row["rss_mib"] or 0 for row in rows if row["server"] == name), default=0)
            yield f"| {TITLES[name]} | {statistics.median(run.starts[name]):.2f} | {memory:.0f} |"


def closed_tables(run, rows):
    by_group = {}
    for row in rows:
        if row["mode"] == "closed":
            by_group.setdefault((row["workload"], row["protocol"], row["connections"]), []).append(row)
    last = None
    for workload, protocol, connections, _ in run.groups("closed"):
        if (workload, protocol) != last:
            last = (workload, protocol)
            yield ""
            yield f"## {workload}, {protocol}, closed loop"
            yield ""
            yield ("| c | server | req/s (median) | min–max | p50 ms | p99 ms | p99.9 ms | errors | server CPU s per 1000 "
                   "| driver CPU s per 1000 | answer bytes | Tidemill is |")
            yield "|---|---|---|---|---|---|---|---|---|---|---|---|"
        here = by_group[workload, protocol, connections]
        ceiling = [row for row in by_group.get((workload, "none", min(connections, 2)), [])]
        for row in sorted(here + ceiling, key=lambda r: -r["rps"]):
            cpu = row["server_cpu_s_per_1000"]
            yield (f"| {connections} | {TITLES[row['server']]} | {number(row['rps'])} | {number(row['rps_min'])}–"
                   f"{number(row['rps_max'])} | {milliseconds(row['p50_us'])} | {milliseconds(row['p99_us'])} | "
                   f"{milliseconds(row['p99.9_us'])} | {row['errors']} | {'–' if cpu is None else f'{cpu:.3f}'} | "
                   f"{'–' if cpu is None else '%.3f' % row['driver_cpu_s_per_1000']} | {row['answer_bytes'] or '–'} | {times(row)} |")


def open_tables(run, rows):
    groups = sorted({(w, p) for w, p, _, _ in run.groups("open")})
    for workload, protocol in groups:
        mine = [r for r in rows if (r["mode"], r["workload"], r["protocol"]) == ("open", workload, protocol)]
        names = [n for n in TITLES if any(r["server"] == n for r in mine)]
        yield ""
        yield f"## {workload}, {protocol}, open loop: p50 / p99 / p99.9 in ms at a fixed rate"
        yield ""
        yield "| offered req/s | " + " | ".join(TITLES[n] for n in names) + " |"
        yield "|---|" + "---|" * len(names)
        for rate in sorted({r["rate"] for r in mine}):
            shown = []
            for name in names:
                row = next((r for r in mine if r["server"] == name and r["rate"] == rate), None)
                if row is None:
                    shown.append("–")
                elif row["rps"] < 0.95 * rate:
                    shown.append(f"saturated at {number(row['rps'])}/s")
                else:
                    shown.append(" / ".join(milliseconds(row[p]) for p in ("p50_us", "p99_us", "p99.9_us")))
            yield f"| {rate:,.0f} | " + " | ".join(shown) + " |"


def write(name, results, figures):
    lines = [json.loads(line) for line in (results / f"{name}.jsonl").read_text().splitlines()]
    run = Run(lines)
    rows = summary(run)
    head = [line for line in lines if line["kind"] == "run"]
    (results / f"{name}.json").write_text(json.dumps(
        {"runs": head, "starts": run.starts, "unavailable": run.unavailable, "summary": rows,
         "cells": [line for line in lines if line["kind"] == "cell"]}, indent=1) + "\n")
    text = "\n".join(markdown(run, rows)) + "\n"
    (results / f"{name}.md").write_text(text)
    if figures:
        figures.mkdir(parents=True, exist_ok=True)
        import plots

        drawn = plots.draw(run, rows, figures)
        links = "".join(f"\n![{path.stem}]({path.name})\n" for path in drawn)
        (figures / "serving.md").write_text(text.replace("\n## Start and memory", f"{links}\n## Start and memory", 1))
    print(f"{results / name}.json and .md" + (f"; figures in {figures}" if figures else ""))
