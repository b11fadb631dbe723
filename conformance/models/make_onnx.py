#!/usr/bin/env python3
"""Writes conformance/models/repository: the models of definitions.py in Triton's layout, as ONNX.

    dev/install-python-clients target/venvs models && target/venvs/models/bin/python conformance/models/make_onnx.py

The output is the same on every run and is committed, so this is only needed to change it.
"""

import shutil
from pathlib import Path

import numpy as np
from definitions import BROKEN, MODELS, pbtxt, write_labels
from onnx import TensorProto, checker, helper, numpy_helper

REPOSITORY = Path(__file__).resolve().parent / "repository"

ONNX_TYPES = {
    "BOOL": TensorProto.BOOL,
    "UINT8": TensorProto.UINT8,
    "UINT16": TensorProto.UINT16,
    "UINT32": TensorProto.UINT32,
    "UINT64": TensorProto.UINT64,
    "INT8": TensorProto.INT8,
    "INT16": TensorProto.INT16,
    "INT32": TensorProto.INT32,
    "INT64": TensorProto.INT64,
    "FP16": TensorProto.FLOAT16,
    "BF16": TensorProto.BFLOAT16,
    "FP32": TensorProto.FLOAT,
    "FP64": TensorProto.DOUBLE,
    "BYTES": TensorProto.STRING,
}


def value(tensor, batched):
    # Dimensions that are equal in input and output carry the same name.
    dims = [f"d{index}" if dim < 0 else dim for index, dim in enumerate(tensor.dims)]
    return helper.make_tensor_value_info(
        tensor.name, ONNX_TYPES[tensor.datatype], (["batch"] if batched else []) + dims
    )


def nodes(model):
    if not model.nodes:
        return [
            helper.make_node("Identity", [source.name], [target.name])
            for source, target in zip(model.inputs, model.outputs, strict=True)
        ]
    made = []
    for operator, inputs, outputs, attributes in model.nodes:
        attributes = {key: ONNX_TYPES[name] for key, name in attributes.items()}
        made.append(helper.make_node(operator, inputs, outputs, **attributes))
    return made


def onnx_bytes(model, version):
    constants = [
        numpy_helper.from_array(np.array(version if number == "V" else number, dtype=np.float32), name)
        for name, number in model.constants.items()
    ]
    batched = model.max_batch_size > 0
    graph = helper.make_graph(
        nodes(model),
        model.name,
        [value(each, batched) for each in model.inputs],
        [value(each, batched) for each in model.outputs],
        constants,
    )
    made = helper.make_model(
        graph, producer_name="tidemill-conformance", ir_version=8, opset_imports=[helper.make_opsetid("", 17)]
    )
    checker.check_model(made, full_check=True)
    return made.SerializeToString(deterministic=True)


def write(model):
    folder = REPOSITORY / model.name
    for version in model.versions:
        (folder / str(version)).mkdir(parents=True)
    if model.steps:
        # An ensemble has no file; git keeps no empty folder.
        (folder / "1" / ".keep").touch()
        (folder / "config.pbtxt").write_text(pbtxt(model, 'platform: "ensemble"\n'))
        return
    for version in model.versions:
        (folder / str(version) / "model.onnx").write_bytes(onnx_bytes(model, version))
    (folder / "config.pbtxt").write_text(pbtxt(model, 'backend: "onnxruntime"\n'))
    write_labels(folder, model)


def write_broken():
    (REPOSITORY / BROKEN / "1").mkdir(parents=True)
    (REPOSITORY / BROKEN / "1" / "model.onnx").write_bytes(b"this is not a model\n")


if __name__ == "__main__":
    shutil.rmtree(REPOSITORY, ignore_errors=True)
    for each in MODELS:
        write(each)
    write_broken()
