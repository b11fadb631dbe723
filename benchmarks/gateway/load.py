"""Load.java, which has upstream and callers in one process, and the gateway between them."""

import json
import subprocess

import gateways
import places
import procs

FLAGS = ["-XX:+UseSerialGC", "-Xms256m", "-Xmx512m"]


class Load:
    def __init__(self):
        gateways.WORK.mkdir(parents=True, exist_ok=True)
        with open(gateways.WORK / "load.log", "wb") as log:
            self.process = subprocess.Popen(
                [places.java(), *FLAGS, gateways.HERE / "Load.java"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=log, text=True, start_new_session=True)
        self.upstream = self.answer()["upstream"]

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"the load ended; see {gateways.WORK / 'load.log'}")
        return json.loads(line)

    def ask(self, what, **words):
        """What a command of Load.java gives."""
        self.process.stdin.write(what + "".join(f" {key}={value}" for key, value in words.items()) + "\n")
        self.process.stdin.flush()
        return self.answer()

    def close(self):
        self.process.stdin.close()
        procs.end(self.process)


def resident(server):
    return procs.resident(server.roots)[0] / 2**20


def is_right(body):
    """Of an answer of Load.java's upstream, which is 10 KiB of its own."""
    return len(body) > 10_000
