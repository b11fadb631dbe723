"""More than the gateway can take: what is left of its throughput, and what it costs in memory.

`all`: 100 connections that each wait for their answer, then ten times as many: the gateway's own limit.
`allowed`: a key that may have 16 requests at a time at an upstream that takes 10 ms; first 16 callers, then
ten times the requests a second that those were given, 100 ms apart at most for each of 1000 connections.
What is beyond the limit must be refused with 429, and cost those within it nothing.
`nginx`: as `all`, of nginx without any limit: what ten times as many callers cost by themselves, here where
they and their upstream share the processors.
"""

import argparse
import statistics

import gateways
import load
import procs

CONCURRENT = 16
LIMITED = gateways.GATEWAY + f"    - {{{{name: at-a-time, per: [key], concurrent: {CONCURRENT}}}}}\n"


def goodput(found):
    return found.get("200", 0) / found["seconds"]


def show(name, found, server):
    refused = {status: count for status, count in found.items() if status.isdigit() and status != "200"}
    print(f"{name:32} {goodput(found):7.0f}/s right  p50 {found['took']['p50']:.1f} p99 {found['took']['p99']:.1f} ms"
          f"  others {refused or 'none'}, {found['failed']} failed, {load.resident(server):.0f} MiB", flush=True)


def main():
    parser = argparse.ArgumentParser(prog="benchmarks/gateway/run overload", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--first-warmup", type=float, default=15)
    given = parser.parse_args()
    callers = load.Load()
    servers = []

    def turn(server, seconds, **words):
        return callers.ask("calls", port=server.port, seconds=seconds, key=gateways.KEY, **words)

    try:
        whole = gateways.tidemill(callers.upstream, "whole", right=load.is_right)
        limited = gateways.tidemill(callers.upstream, "limited", LIMITED, load.is_right)
        bare = gateways.proxy(callers.upstream, load.is_right)
        servers = [whole, limited, bare]
        turn(whole, given.first_warmup, connections=100, rate=0)
        turn(limited, given.first_warmup / 2, connections=100, rate=0)
        kept = {"all": [], "nginx": [], "allowed": []}
        for _ in range(given.rounds):
            for name, server in (("all", whole), ("nginx", bare)):
                peak = turn(server, given.seconds, connections=100, rate=0)
                show(f"{name}, 100 connections", peak, server)
                much = turn(server, given.seconds, connections=1000, rate=0)
                show(f"{name}, 1000 connections", much, server)
                kept[name].append(goodput(much) / goodput(peak))
            peak = turn(limited, given.seconds, connections=CONCURRENT, rate=0, delay=10)
            show(f"allowed, {CONCURRENT} callers", peak, limited)
            rate = 10 * goodput(peak)
            much = turn(limited, given.seconds, connections=1000, rate=rate, delay=10)
            show(f"allowed, {rate:.0f} offered/s", much, limited)
            kept["allowed"].append(goodput(much) / goodput(peak))
        for name, values in kept.items():
            print(f"{name}: keeps {statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f}) of its peak")
    finally:
        callers.close()
        for server in servers:
            procs.end(server.process)


if __name__ == "__main__":
    main()
