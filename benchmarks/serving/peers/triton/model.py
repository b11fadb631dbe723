"""Triton's Python backend: add/sub and echo in numpy, the rest in ONNX Runtime. The requests of a
batch are put together, run once and taken apart, as Triton's own ONNX backend does in C++."""

import json
import os

import numpy as np
import triton_python_backend_utils as pb_utils


class TritonPythonModel:
    def initialize(self, args):
        config = json.loads(args["model_config"])
        self.name = config["name"]
        self.inputs = [one["name"] for one in config["input"]]
        self.outputs = [one["name"] for one in config["output"]]
        self.session = None
        if self.name not in ("addsub", "echo"):
            import onnxruntime

            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = 1
            options.inter_op_num_threads = 1
            options.add_session_config_entry("session.intra_op.allow_spinning", "0")
            options.add_session_config_entry("session.inter_op.allow_spinning", "0")
            options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
            self.session = onnxruntime.InferenceSession(
                os.path.join(os.environ["BENCHMARK_REPOSITORY"], self.name, "1", "model.onnx"), options,
                providers=["CPUExecutionProvider"])

    def run(self, arrays):
        if self.name == "addsub":
            return [arrays[0] + arrays[1], arrays[0] - arrays[1]]
        if self.name == "echo":
            return arrays
        return self.session.run(self.outputs, dict(zip(self.inputs, arrays)))

    def execute(self, requests):
        given = [
            [pb_utils.get_input_tensor_by_name(request, name).as_numpy() for name in self.inputs]
            for request in requests]
        if len(given) == 1:
            return [self.response(self.run(given[0]))]
        together = [np.concatenate(parts) for parts in zip(*given)]
        results = self.run(together)
        responses, at = [], 0
        for arrays in given:
            rows = len(arrays[0])
            responses.append(self.response([result[at:at + rows] for result in results]))
            at += rows
        return responses

    def response(self, arrays):
        return pb_utils.InferenceResponse(
            [pb_utils.Tensor(name, array) for name, array in zip(self.outputs, arrays)])
