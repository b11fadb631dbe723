"""The load driver and the in-process ceiling: JVMs that take a command per line."""

import json
import subprocess

import places
import procs

FLAGS = ["-XX:+UseSerialGC", "-Xms256m", "-Xmx1g", "-XX:-UsePerfData", "--enable-native-access=ALL-UNNAMED",
         "--sun-misc-unsafe-memory-access=allow"]


class Talker:
    """A process of ours that answers lines with lines of JSON."""

    def __init__(self, main, arguments=(), prefix=()):
        places.LOGS.mkdir(parents=True, exist_ok=True)
        self.process = subprocess.Popen(
            [*prefix, places.java(), *FLAGS, "-cp", places.classpath(),
             f"dev.tidemill.benchmarks.serving.{main}", *map(str, arguments)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=open(places.LOGS / f"{main}.log", "wb"),
            text=True, start_new_session=True)
        self.answer()

    def say(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.process.args[-1]} ended; see {places.LOGS}")
        return json.loads(line)

    def ask(self, line):
        self.say(line)
        return self.answer()

    def close(self):
        self.process.stdin.close()
        procs.end(self.process)


class Driver(Talker):
    def __init__(self, settings):
        super().__init__("Driver", prefix=settings.pin_driver)

    def run(self, roots, **words):
        """The figures of one cell, with what it cost the server's processes and the driver."""
        self.say(" ".join(f"{key}={value}" for key, value in words.items()))
        before = answer = self.answer()
        if "event" in answer:
            before = procs.cpu_seconds(roots), procs.cpu_seconds([self.process.pid])
            answer = self.answer()
        if "failed" in answer:
            return answer
        after = procs.cpu_seconds(roots), procs.cpu_seconds([self.process.pid])
        thousands = max(1, answer["count"]) / 1000
        answer["server_cpu_s"] = round(after[0] - before[0], 3)
        answer["driver_cpu_s"] = round(after[1] - before[1], 3)
        answer["server_cpu_s_per_1000"] = round(answer["server_cpu_s"] / thousands, 5)
        answer["driver_cpu_s_per_1000"] = round(answer["driver_cpu_s"] / thousands, 5)
        rss, pss = procs.resident(roots)
        answer["rss_mib"], answer["pss_mib"] = round(rss / 2**20, 1), round(pss / 2**20, 1)
        return answer
