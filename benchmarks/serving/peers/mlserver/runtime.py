"""A custom runtime for MLServer."""

import asyncio
import concurrent.futures

from engine import Engine
from mlserver import MLModel
from mlserver.codecs import NumpyCodec
from mlserver.types import InferenceResponse


class BenchmarkModel(MLModel):
    async def load(self):
        self.engine = Engine(self.name)
        self.pool = concurrent.futures.ThreadPoolExecutor(2)
        return True

    async def predict(self, payload):
        given = {one.name: one for one in payload.inputs}
        arrays = [NumpyCodec.decode_input(given[name]) for name in self.engine.inputs]
        if self.engine.heavy:
            results = await asyncio.get_running_loop().run_in_executor(self.pool, self.engine.run, arrays)
        else:
            results = self.engine.run(arrays)
        return InferenceResponse(
            model_name=self.name, model_version=self.version,
            outputs=[
                NumpyCodec.encode_output(name, result)
                for name, result in zip(self.engine.outputs, results)])
