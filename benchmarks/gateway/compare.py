"""Our gateway beside others, in front of an upstream that answers at once.

Requests of 1 KiB as OpenAI's chat completions, answers of 10 KiB with `usage`; our gateway checks a key,
counts requests and tokens against limits and keeps its metrics, the others do nothing of it (LiteLLM: the
key). Closed loop for throughput, one server after the other in an order that turns round with each
round; ratios are of the same round. Then an open loop for the latency that each adds to the upstream's
own, at half of what it reached, or of what we reached where that is less. Everything shares the machine's
cores. An answer that is not the upstream's ends the run.
"""

import argparse
import statistics

import procs
import gateways
import settings
import wire
from driver import Driver


class Bench:
    def __init__(self, given):
        self.given = given
        gateways.WORK.mkdir(parents=True, exist_ok=True)
        wire.write_requests(gateways.WORK / "requests", [gateways.request(variant) for variant in range(16)])
        self.origin = gateways.origin()
        self.driver = Driver(settings.Settings())
        self.all = []

    def start(self):
        for name in self.given.servers.split(","):
            how = gateways.missing(name)
            if how:
                print(f"{name} is not measured: run {how} first")
            else:
                self.all.append(gateways.KINDS[name](self.origin.port))

    def drive(self, server, seconds, warmup, rate=0):
        samples = gateways.WORK / "samples"
        figures = self.driver.run(
            server.roots, protocol="http", port=server.port, requests=gateways.WORK / "requests", seconds=seconds,
            connections=self.given.connections, warmup=warmup, rate=rate, arrivals="constant", samples=samples)
        if figures.get("errors") or "failed" in figures:
            raise SystemExit(f"{server.name}: {figures}")
        if not all(gateways.is_right(body) for _, body in wire.read_samples(samples)):
            raise SystemExit(f"{server.name}: another answer than the upstream's")
        figures["per_second"] = figures["count"] / figures["seconds"]
        return figures

    def closed(self):
        rows = {server.name: [] for server in self.all}
        for server in self.all:
            self.drive(server, 1, self.given.first_warmup)
        for number in range(self.given.rounds):
            for server in self.all if number % 2 else self.all[::-1]:
                figures = self.drive(server, self.given.seconds, 1)
                rows[server.name].append(figures)
                print("closed {:9} {:8.0f}/s  p50 {:6.2f} ms  p99 {:6.2f} ms  {:6.1f} us CPU  {:4.0f} MiB".format(
                    server.name, figures["per_second"], figures["p50_us"] / 1e3, figures["p99_us"] / 1e3,
                    1e3 * figures["server_cpu_s_per_1000"], figures["rss_mib"]), flush=True)
        return rows

    def added(self, rates):
        rows = {server.name: [] for server in self.all}
        for number in range(self.given.rounds):
            for server in self.all if number % 2 else self.all[::-1]:
                rate = rates[server.name]
                plain = self.drive(self.origin, self.given.seconds, 1, rate)
                figures = self.drive(server, self.given.seconds, 1, rate)
                rows[server.name].append(
                    [(figures[p] - plain[p]) / 1e3 for p in ("p50_us", "p99_us")] + [figures["rss_mib"]])
                print("at {:6.0f}/s {:9} adds p50 {:6.2f} ms, p99 {:6.2f} ms (upstream alone: {:.2f}, {:.2f})".format(
                    rate, server.name, *rows[server.name][-1][:2], plain["p50_us"] / 1e3, plain["p99_us"] / 1e3),
                    flush=True)
        return rows

    def close(self):
        self.driver.close()
        for server in [*self.all, self.origin]:
            procs.end(server.process)


def spread(values, digits=2):
    return (f"{statistics.median(values):,.{digits}f} "
            f"({min(values):,.{digits}f} to {max(values):,.{digits}f})")


def table(closed, added, rates):
    print("\n| server | requests/s | tidemill's, times | CPU per request, µs | resident, MiB | at | added p50, ms | added p99, ms |")
    print("|---|---|---|---|---|---|---|---|")
    ours = [figures["per_second"] for figures in closed.get("tidemill", [])]
    for name, found in closed.items():
        theirs = [figures["per_second"] for figures in found]
        ratio = spread([o / t for o, t in zip(ours, theirs, strict=True)]) if ours else ""
        late = added.get(name, [])
        resident = [figures["rss_mib"] for figures in found] + [row[2] for row in late]
        print(f"| {name} | {spread(theirs, 0)} | {ratio} |"
              f" {1e3 * statistics.median(f['server_cpu_s_per_1000'] for f in found):.0f} |"
              f" {spread(resident, 0)} | {rates.get(name, 0):,.0f}/s |"
              f" {spread([row[0] for row in late]) if late else ''} |"
              f" {spread([row[1] for row in late]) if late else ''} |")


def main():
    parser = argparse.ArgumentParser(prog="benchmarks/gateway/run", description=__doc__)
    parser.add_argument("--servers", default="nginx,tidemill,scg,litellm")
    parser.add_argument("--connections", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--first-warmup", type=float, default=15)
    bench = Bench(parser.parse_args())
    try:
        bench.start()
        closed = bench.closed()
        reached = {name: statistics.median(f["per_second"] for f in found) for name, found in closed.items()}
        ours = reached.get("tidemill", min(reached.values()))
        rates = {name: min(rate, ours) / 2 for name, rate in reached.items()}
        table(closed, bench.added(rates), rates)
    finally:
        bench.close()


if __name__ == "__main__":
    main()
