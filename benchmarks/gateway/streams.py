"""Many streams of events at once through the gateway, and straight from the upstream, in turns.

Each event carries when it was sent, by the clock of the process that also receives it. `delay` is how long
an event took, `gap` the time between two events of a stream, which the upstream sends 1/rate apart; the
gateway's figure less the direct one is what it adds. The direct figure shows whether the load itself keeps up.
"""

import argparse
import statistics

import gateways
import load
import procs


def show(name, found, more=""):
    delay, gap = found["delay"], found["gap"]
    print(f"{name:9} {found['seconds']:.0f} s  {delay['count'] / found['seconds']:7.0f} events/s  delay p50 {delay['p50']:.2f}"
          f" p99 {delay['p99']:.2f} p99.9 {delay['p999']:.2f} max {delay['max']:.1f} ms  gap p50 {gap['p50']:.2f}"
          f" p99 {gap['p99']:.2f} ms  {found['failed']} failed{more}", flush=True)


def main():
    parser = argparse.ArgumentParser(prog="benchmarks/gateway/run streams", description=__doc__)
    parser.add_argument("--streams", type=int, default=2000)
    parser.add_argument("--rate", type=float, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--first-warmup", type=float, default=15)
    given = parser.parse_args()
    callers = load.Load()
    server = None

    def turn(port, seconds):
        return callers.ask("streams", port=port, streams=given.streams, rate=given.rate, seconds=seconds,
                           key=gateways.KEY)

    try:
        server = gateways.tidemill(callers.upstream, right=load.is_right)
        turn(server.port, given.first_warmup)
        added = {"delay": [], "gap": []}
        for number in range(given.rounds):
            found = {}
            for port in (0, server.port) if number % 2 else (server.port, 0):
                found[port] = turn(port, given.seconds)
                show("tidemill" if port else "direct", found[port],
                     f", {load.resident(server):.0f} MiB" if port else "")
            for what, values in added.items():
                values.append(found[server.port][what]["p99"] - found[0][what]["p99"])
        for what, values in added.items():
            print(f"adds to the p99 of {what}: {statistics.median(values):.2f} ms ({min(values):.2f} to {max(values):.2f})")
    finally:
        callers.close()
        if server:
            procs.end(server.process)


if __name__ == "__main__":
    main()
