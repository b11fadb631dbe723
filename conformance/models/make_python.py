#!/usr/bin/env python3
"""Writes the models of definitions.py for Triton's Python backend: make_python.py FOLDER. Needs no packages."""

import sys
from pathlib import Path

from definitions import BROKEN, MODELS, pbtxt, write_labels

MODEL = '''import numpy as np
import triton_python_backend_utils as utils

V = {version}
TYPES = {types}


class TritonPythonModel:
    def execute(self, requests):
        return [self.answer(each) for each in requests]

    def answer(self, request):
        {inputs}
        values = [{expressions}]
        tensors = [
            utils.Tensor(name, value.astype(kind))
            for (name, kind), value in zip(TYPES, values, strict=True)
        ]
        return utils.InferenceResponse(output_tensors=tensors)
'''

# numpy has no bfloat16: the tensor passes through as it is.
PASS = '''import triton_python_backend_utils as utils


class TritonPythonModel:
    def execute(self, requests):
        return [self.answer(each) for each in requests]

    def answer(self, request):
        tensor = utils.get_input_tensor_by_name(request, "INPUT0")
        output = utils.Tensor.from_dlpack("OUTPUT0", tensor.to_dlpack())
        return utils.InferenceResponse(output_tensors=[output])
'''


def numpy_name(datatype):
    return {"BOOL": "bool", "BYTES": "object", "FP16": "float16", "FP32": "float32", "FP64": "float64"}.get(
        datatype, datatype.lower()
    )


def source(model, version):
    if model.inputs[0].datatype == "BF16":
        return PASS
    inputs = "\n        ".join(
        f'{each.name} = utils.get_input_tensor_by_name(request, "{each.name}").as_numpy()' for each in model.inputs
    )
    expressions = model.expressions or tuple(each.name for each in model.inputs)
    return MODEL.format(
        version=version,
        types=[(each.name, numpy_name(each.datatype)) for each in model.outputs],
        inputs=inputs,
        expressions=", ".join(expressions),
    )


def write(root, model):
    folder = root / model.name
    for version in model.versions:
        (folder / str(version)).mkdir(parents=True)
    if model.steps:
        (folder / "config.pbtxt").write_text(pbtxt(model, 'platform: "ensemble"\n'))
        return
    for version in model.versions:
        (folder / str(version) / "model.py").write_text(source(model, version))
    (folder / "config.pbtxt").write_text(pbtxt(model, 'backend: "python"\n'))
    write_labels(folder, model)


def write_repository(root):
    for each in MODELS:
        write(root, each)
    (root / BROKEN / "1").mkdir(parents=True)
    (root / BROKEN / "1" / "model.py").write_text("this is not a model\n")
    (root / BROKEN / "config.pbtxt").write_text(f'name: "{BROKEN}"\nbackend: "python"\n')


if __name__ == "__main__":
    write_repository(Path(sys.argv[1]))
