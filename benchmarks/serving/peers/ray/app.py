"""Ray Serve with its own batching: app.py PORT. The handler reads the raw request, a batch method
computes."""

import os
import signal
import sys
import threading

import numpy as np
import oip
import ray
from engine import Engine
from ray import serve
from starlette.requests import Request
from starlette.responses import Response

NAMES = os.environ["BENCHMARK_MODELS"].split(",")
MOST = int(os.environ.get("BENCHMARK_MAX_BATCH", "32"))
WAIT = float(os.environ.get("BENCHMARK_BATCH_WAIT", "0"))


@serve.deployment(
    num_replicas=int(os.environ.get("BENCHMARK_REPLICAS", "1")), max_ongoing_requests=1024,
    ray_actor_options={"num_cpus": 0.5}, logging_config={"enable_access_log": False})
class Benchmark:
    def __init__(self):
        self.engines = {name: Engine(name) for name in NAMES}

    async def __call__(self, request: Request):
        model = request.url.path.split("/")[3] if request.method == "POST" else ""
        if not model:
            return Response()
        arrays, binary = oip.read(await request.body(), request.headers.get(oip.BINARY))
        results = await self.batch((model, arrays))
        body, headers = oip.write(model, self.engines[model].outputs, results, binary)
        return Response(body, headers=headers)

    @serve.batch(max_batch_size=MOST, batch_wait_timeout_s=WAIT)
    async def batch(self, calls):
        if len(calls) == 1:
            return [self.engines[calls[0][0]].run(calls[0][1])]
        answers = [None] * len(calls)
        for model in {name for name, _ in calls}:
            mine = [i for i, (name, _) in enumerate(calls) if name == model]
            parts = [calls[i][1] for i in mine]
            results = self.engines[model].run([np.concatenate(same) for same in zip(*parts)])
            at = 0
            for i, part in zip(mine, parts):
                rows = len(part[0])
                answers[i] = [result[at:at + rows] for result in results]
                at += rows
        return answers


if __name__ == "__main__":
    ray.init(num_cpus=2, include_dashboard=False, logging_level="warning", log_to_driver=False)
    serve.start(http_options={"host": "127.0.0.1", "port": int(sys.argv[1])})
    serve.run(Benchmark.bind(), route_prefix="/", name="benchmark")
    print("ready", flush=True)
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    over.wait()
    serve.shutdown()
    ray.shutdown()
