"""Custom models for KServe's SDK: server.py MODEL... and then the SDK's own options."""

import asyncio
import concurrent.futures
import os
import uuid

from engine import Engine
from kserve import InferOutput, InferResponse, Model, ModelServer

NAMES = {"int32": "INT32", "float32": "FP32"}


class BenchmarkModel(Model):
    def __init__(self, name):
        super().__init__(name)
        self.own = Engine(name)
        self.pool = concurrent.futures.ThreadPoolExecutor(2)
        self.ready = True

    async def predict(self, payload, headers=None, response_headers=None):
        arrays = [payload.get_input_by_name(name).as_numpy() for name in self.own.inputs]
        if self.own.heavy:
            results = await asyncio.get_running_loop().run_in_executor(self.pool, self.own.run, arrays)
        else:
            results = self.own.run(arrays)
        outputs = []
        for name, result in zip(self.own.outputs, results):
            output = InferOutput(name, list(result.shape), NAMES[str(result.dtype)], data=result)
            if payload.from_grpc:
                output.set_data_from_numpy(result, binary_data=payload.use_binary_outputs)
            outputs.append(output)
        return InferResponse(
            response_id=payload.id or str(uuid.uuid4()), model_name=self.name, infer_outputs=outputs,
            requested_outputs=payload.request_outputs, use_binary_outputs=payload.use_binary_outputs)


if __name__ == "__main__":
    ModelServer().start([BenchmarkModel(name) for name in os.environ["BENCHMARK_MODELS"].split(",")])
