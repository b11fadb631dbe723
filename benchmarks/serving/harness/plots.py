"""Plots of a run."""

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

import report

COLOURS = {
    "ceiling": "#999999", "tidemill": "#0b6e99", "bare": "#7fb7d1", "triton": "#76b900", "mlserver": "#c0392b",
    "kserve": "#e67e22", "bentoml": "#8e44ad", "ray": "#2c3e50", "fastapi": "#16a085", "fastapi2": "#66c2a5"}
LARGE = [("echo4k", 4), ("echo64k", 64), ("echo1m", 1024)]


def draw(run, rows, folder):
    drawn = [throughput(run, folder), cpu(run, rows, folder), latency(run, rows, folder), payload(run, folder)]
    return [path for path in drawn if path]


def save(figure, path):
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    plt.close(figure)
    return path


def throughput(run, folder):
    """Closed loop: requests per second by concurrency, a panel per workload and protocol."""
    panels = sorted({g[:2] for g in run.groups("closed") if not g[0].startswith("echo")})
    if not panels:
        return None
    figure, axes = plt.subplots(len(panels), 1, figsize=(9, 3.2 * len(panels)), squeeze=False)
    for axis, (workload, protocol) in zip(axes[:, 0], panels):
        steps = sorted({g[2] for g in run.groups("closed") if g[:2] == (workload, protocol)})
        for name in run.servers():
            cells = [run.ceiling(workload, c) if name == "ceiling" else run.closed(name, workload, protocol, c)
                     for c in steps]
            points = [(i, report.median(c, "rps"), [v["rps"] for v in c.values()]) for i, c in enumerate(cells) if c]
            if points:
                at, middle, spread = zip(*points)
                low = [m - min(s) for m, s in zip(middle, spread)]
                high = [max(s) - m for m, s in zip(middle, spread)]
                axis.errorbar(at, middle, yerr=[low, high], marker="o", capsize=3, color=COLOURS[name],
                              label=report.TITLES[name], linestyle="--" if name == "ceiling" else "-")
        axis.set_xticks(range(len(steps)), [f"c={c}" for c in steps])
        axis.set_yscale("log")
        axis.set_title(f"{workload}, {protocol}: requests per second, median and range")
        axis.grid(alpha=0.3)
        axis.legend(fontsize=7, loc="center left", bbox_to_anchor=(1, 0.5))
    return save(figure, folder / "serving-throughput.png")


def cpu(run, rows, folder):
    """What a request costs, which a busy machine blurs less than its speed."""
    mine = [r for r in rows if r["mode"] == "closed" and r["connections"] == 32 and r["workload"] == "addsub"
            and r["server_cpu_s_per_1000"]]
    if not mine:
        return None
    protocols = [p for p in ("json", "binary", "grpc") if any(r["protocol"] == p for r in mine)]
    figure, axes = plt.subplots(1, len(protocols), figsize=(4.2 * len(protocols), 3.6), squeeze=False)
    for axis, protocol in zip(axes[0], protocols):
        here = sorted((r for r in mine if r["protocol"] == protocol), key=lambda r: -r["server_cpu_s_per_1000"])
        axis.barh([report.TITLES[r["server"]] for r in here], [r["server_cpu_s_per_1000"] * 1000 for r in here],
                  color=[COLOURS[r["server"]] for r in here])
        axis.set_xscale("log")
        axis.set_title(f"add/sub {protocol}, c=32:\nserver CPU per request, µs", fontsize=9)
        axis.tick_params(labelsize=7)
    return save(figure, folder / "serving-cpu.png")


def latency(run, rows, folder):
    """Open loop: p99 against the offered rate; a line ends where the server is saturated."""
    panels = sorted({g[:2] for g in run.groups("open")})
    if not panels:
        return None
    figure, axes = plt.subplots(len(panels), 1, figsize=(9, 3.6 * len(panels)), squeeze=False)
    for axis, (workload, protocol) in zip(axes[:, 0], panels):
        for name in run.servers():
            mine = sorted(
                ((r["rate"], r["p50_us"] / 1e3, r["p99_us"] / 1e3) for r in rows
                 if (r["server"], r["workload"], r["protocol"], r["mode"]) == (name, workload, protocol, "open")
                 and r["rps"] >= 0.95 * r["rate"]))
            if mine:
                rates, p50, p99 = zip(*mine)
                axis.plot(rates, p99, marker="o", color=COLOURS[name], label=f"{report.TITLES[name]}, p99")
                axis.plot(rates, p50, linestyle=":", color=COLOURS[name])
        axis.set_xscale("log")
        axis.set_yscale("log")
        axis.set_title(f"{workload}, {protocol}, open loop: ms by offered req/s (p50 dotted)")
        axis.grid(alpha=0.3, which="both")
        axis.legend(fontsize=7, loc="center left", bbox_to_anchor=(1, 0.5))
    return save(figure, folder / "serving-latency.png")


def payload(run, folder):
    """JSON, binary REST and gRPC by the size of the tensor."""
    names = [n for n in run.servers() if n != "ceiling"
             and any(run.closed(n, w, p, 8) for w, _ in LARGE for p in ("json", "binary", "grpc"))]
    if not names:
        return None
    figure, axes = plt.subplots(1, 3, figsize=(13, 4), sharey=True)
    for axis, protocol in zip(axes, ("json", "binary", "grpc")):
        for name in names:
            points = [(size, report.median(cells, "rps") * size / 1024) for w, size in LARGE
                      if (cells := run.closed(name, w, protocol, 8))]
            if points:
                axis.plot(*zip(*points), marker="o", color=COLOURS[name], label=report.TITLES[name])
        axis.set_xscale("log")
        axis.set_yscale("log")
        axis.set_title(f"identity, {protocol}, c=8: MiB of tensor per second, each way", fontsize=9)
        axis.set_xlabel("KiB of the tensor")
        axis.grid(alpha=0.3, which="both")
    axes[0].legend(fontsize=7)
    return save(figure, folder / "serving-payload.png")
