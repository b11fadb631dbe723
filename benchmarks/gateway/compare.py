"""Our gateway beside nginx, in front of an upstream that answers at once.

Requests of 1 KiB as OpenAI's chat completions, answers of 10 KiB with `usage`; the gateway checks a key,
counts requests and tokens against limits and keeps its metrics. Closed loop for throughput, then an open
loop at half of what the slower of the two reached, for the latency that each adds to the upstream's own.
Everything shares the machine's cores; ratios are of the same round.
"""

import argparse
import contextlib
import hashlib
import json
import statistics
import subprocess
import time
import urllib.request

import places
import procs
import settings
import wire
from driver import Driver

KEY = "tm-benchmark-key"
WORK = places.HOME / "gateway"

NGINX = """
worker_processes {workers};
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log crit;
events {{ worker_connections 4096; }}
http {{
  access_log off;
  keepalive_requests 100000000;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  {inside}
}}
"""
PROXY = """
  upstream there {{ server 127.0.0.1:{to}; keepalive 256; keepalive_requests 100000000; }}
  server {{
    listen 127.0.0.1:{port} backlog=1024;
    location / {{ proxy_pass http://there; proxy_http_version 1.1; proxy_set_header Connection ""; }}
  }}
"""
ORIGIN = """
  server {{
    listen 127.0.0.1:{port} backlog=1024;
    location / {{ default_type application/json; {answer} }}
  }}
"""
GATEWAY = """
apiVersion: tidemill.dev/v1alpha1
kind: Gateway
metadata:
  name: benchmark
spec:
  listeners:
  - port: 8080
  routes:
  - {{name: chat, models: [assistant], upstreams: [{{url: "http://127.0.0.1:{to}"}}]}}
  access:
    keys:
    - name: caller
      team: bench
      models: [assistant]
      secrets: [{{hash: "sha256:{hash}"}}]
  limits:
    rates:
    - {{name: requests, per: [key], requestsPerMinute: 100000000}}
    - {{name: tokens, per: [team, model], tokensPerMinute: 1000000000}}
"""


def answer():
    whole = {
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "assistant",
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": ""}}],
        "usage": {"prompt_tokens": 200, "completion_tokens": 2000, "total_tokens": 2200}}
    whole["choices"][0]["message"]["content"] = "word " * ((10 * 1024 - len(json.dumps(whole))) // 5)
    return json.dumps(whole)


def returned(text):
    """As nginx says it, whose parameters end at 4 KiB."""
    parts = [text[at:at + 4000] for at in range(0, len(text), 4000)]
    names = "".join(f"$part{number}" for number in range(len(parts)))
    return "".join(f"set $part{n} '{part}'; " for n, part in enumerate(parts)) + f"return 200 {names};"


def request(variant):
    body = {"model": "assistant", "max_tokens": 2000, "messages": [{"role": "user", "content": ""}]}
    body["messages"][0]["content"] = (f"question {variant} " * 100)[:1024 - len(json.dumps(body))]
    data = json.dumps(body).encode()
    head = (
        "POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {KEY}\r\nContent-Length: {len(data)}\r\n\r\n")
    return head.encode() + data


class Process:
    def __init__(self, name, command, port):
        self.name, self.port = name, port
        log = open(WORK / f"{name}.log", "wb")
        self.process = subprocess.Popen(
            [str(word) for word in command], stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
        until = time.monotonic() + 60
        while not self.answers():
            if time.monotonic() > until or self.process.poll() is not None:
                raise SystemExit(f"{name} does not answer; see {WORK / name}.log")
            time.sleep(0.1)

    def answers(self):
        with contextlib.suppress(OSError):
            body = b'{"model":"assistant","messages":[{"role":"user","content":"hello"}]}'
            asked = urllib.request.Request(
                f"http://127.0.0.1:{self.port}/v1/chat/completions", body,
                {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"})
            with urllib.request.urlopen(asked, timeout=5) as response:
                return len(response.read()) > 10_000
        return False

    @property
    def roots(self):
        return [self.process.pid]


def nginx(name, port, inside, workers):
    folder = WORK / name
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "nginx.conf"
    config.write_text(NGINX.format(folder=folder, inside=inside, workers=workers))
    return Process(name, ["nginx", "-p", folder, "-c", config, "-e", folder / "error.log"], port)


def start(origin):
    proxy, ours = places.free_port(), places.free_port()
    file = WORK / "gateway.yaml"
    file.write_text(GATEWAY.format(to=origin.port, hash=hashlib.sha256(KEY.encode()).hexdigest()))
    return [
        nginx("nginx", proxy, PROXY.format(port=proxy, to=origin.port), "auto"),
        Process("tidemill", [places.ROOT / "tidemill", "gateway", "-f", file, "--port", ours], ours)]


def drive(driver, server, given, seconds, warmup, rate=0):
    figures = driver.run(
        server.roots, protocol="http", port=server.port, requests=WORK / "requests", seconds=seconds,
        connections=given.connections, warmup=warmup, rate=rate, arrivals="constant", samples=WORK / "samples")
    if figures.get("errors") or "failed" in figures:
        raise SystemExit(f"{server.name}: {figures}")
    return figures


def closed(driver, servers, given):
    rows = {server.name: [] for server in servers}
    for server in servers:
        drive(driver, server, given, 1, given.first_warmup)
    for number in range(given.rounds):
        for server in servers if number % 2 else servers[::-1]:
            figures = drive(driver, server, given, given.seconds, 1)
            figures["per_second"] = figures["count"] / figures["seconds"]
            rows[server.name].append(figures)
            print("closed {:9} {:8.0f}/s  p50 {:6.2f} ms  p99 {:6.2f} ms  {:5.1f} us CPU  {:4.0f} MiB".format(
                server.name, figures["per_second"], figures["p50_us"] / 1e3, figures["p99_us"] / 1e3,
                1e3 * figures["server_cpu_s_per_1000"], figures["pss_mib"]), flush=True)
    ratios = [o["per_second"] / n["per_second"] for o, n in zip(rows["tidemill"], rows["nginx"], strict=True)]
    print(f"tidemill of nginx: {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")
    return min(statistics.median(f["per_second"] for f in found) for found in rows.values())


def half(driver, servers, origin, given, rate):
    added = {server.name: [] for server in servers}
    for _ in range(given.rounds):
        plain = drive(driver, origin, given, given.seconds, 1, rate)
        for server in servers:
            figures = drive(driver, server, given, given.seconds, 1, rate)
            added[server.name].append(
                [(figures[p] - plain[p]) / 1e3 for p in ("p50_us", "p99_us")])
    for name, pairs in added.items():
        p50, p99 = ([pair[i] for pair in pairs] for i in (0, 1))
        print(f"at {rate:.0f}/s {name:9} adds p50 {statistics.median(p50):.2f} ms ({min(p50):.2f} to {max(p50):.2f}),"
              f" p99 {statistics.median(p99):.2f} ms ({min(p99):.2f} to {max(p99):.2f})")


def main():
    parser = argparse.ArgumentParser(prog="benchmarks/gateway/run", description=__doc__)
    parser.add_argument("--connections", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--first-warmup", type=float, default=15)
    given = parser.parse_args()
    WORK.mkdir(parents=True, exist_ok=True)
    wire.write_requests(WORK / "requests", [request(variant) for variant in range(16)])
    port = places.free_port()
    origin = nginx("origin", port, ORIGIN.format(port=port, answer=returned(answer())), 1)
    driver, servers = Driver(settings.Settings()), []
    try:
        servers = start(origin)
        slower = closed(driver, servers, given)
        half(driver, servers, origin, given, slower / 2)
    finally:
        driver.close()
        for server in [*servers, origin]:
            procs.end(server.process)


if __name__ == "__main__":
    main()
