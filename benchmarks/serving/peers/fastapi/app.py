"""FastAPI and ONNX Runtime, with neither response models nor pydantic in the way."""

import asyncio
import concurrent.futures
import os

import oip
from engine import Engine
from fastapi import FastAPI, Request, Response

app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
engines = {name: Engine(name) for name in os.environ["BENCHMARK_MODELS"].split(",")}
pool = concurrent.futures.ThreadPoolExecutor(int(os.environ.get("BENCHMARK_THREADS", "2")))


@app.get("/v2/health/ready")
async def ready():
    return Response()


@app.post("/v2/models/{model}/infer")
async def infer(model: str, request: Request):
    engine = engines[model]
    arrays, binary = oip.read(await request.body(), request.headers.get(oip.BINARY))
    if engine.heavy:
        results = await asyncio.get_running_loop().run_in_executor(pool, engine.run, arrays)
    else:
        results = engine.run(arrays)
    body, headers = oip.write(model, engine.outputs, results, binary)
    return Response(body, headers=headers)
