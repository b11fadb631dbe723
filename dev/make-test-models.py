#!/usr/bin/env python3
"""Writes the ONNX files that the tests of runtimes/onnx and server load.

They are hand-made graphs of one or two nodes, a few hundred bytes each, so that a test can say what
comes out. Needs the packages onnx and numpy:

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install onnx numpy
    /tmp/venv/bin/python dev/make-test-models.py

The output is the same on every run; the files are committed, so this is only needed to change them.
"""

from pathlib import Path

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper

ROOT = Path(__file__).resolve().parent.parent
ONNX_TESTS = ROOT / "runtimes" / "onnx" / "src" / "test" / "resources" / "models"
SERVER_TESTS = ROOT / "server" / "src" / "test" / "resources" / "models"

# What the server's tests need of them.
SERVED = [
    "add-sub",
    "broken",
    "classifier",
    "cube",
    "half-plus-two",
    "identity-bool",
    "identity-fp16",
    "identity-int64",
    "identity-string",
    "identity-uint8",
    "identity-uint64",
    "log",
    "mixed",
    "seven-only",
    "text-classifier",
    "uneven",
]

TYPES = {
    "bool": TensorProto.BOOL,
    "uint8": TensorProto.UINT8,
    "int8": TensorProto.INT8,
    "int16": TensorProto.INT16,
    "int32": TensorProto.INT32,
    "int64": TensorProto.INT64,
    "fp16": TensorProto.FLOAT16,
    "bf16": TensorProto.BFLOAT16,
    "fp32": TensorProto.FLOAT,
    "fp64": TensorProto.DOUBLE,
    "string": TensorProto.STRING,
    "uint16": TensorProto.UINT16,
    "uint32": TensorProto.UINT32,
    "uint64": TensorProto.UINT64,
}


def value(name, kind, *shape):
    return helper.make_tensor_value_info(name, kind, shape)


def save(name, nodes, inputs, outputs, initializers=()):
    graph = helper.make_graph(nodes, name, inputs, outputs, list(initializers))
    model = helper.make_model(
        graph,
        producer_name="tidemill-tests",
        ir_version=8,
        opset_imports=[helper.make_opsetid("", 16)],
    )
    checker.check_model(model)
    ONNX_TESTS.mkdir(parents=True, exist_ok=True)
    (ONNX_TESTS / f"{name}.onnx").write_bytes(model.SerializeToString(deterministic=True))


def add_sub():
    """sum = a + b, difference = a - b, INT32 [-1, 16]: the example of the Triton documentation."""
    kind = TensorProto.INT32
    save(
        "add-sub",
        [
            helper.make_node("Add", ["a", "b"], ["sum"]),
            helper.make_node("Sub", ["a", "b"], ["difference"]),
        ],
        [value("a", kind, "batch", 16), value("b", kind, "batch", 16)],
        [value("sum", kind, "batch", 16), value("difference", kind, "batch", 16)],
    )


def identities():
    """y = x for one type each, [-1, 2]."""
    for name, kind in TYPES.items():
        save(
            f"identity-{name}",
            [helper.make_node("Identity", ["x"], ["y"])],
            [value("x", kind, "batch", 2)],
            [value("y", kind, "batch", 2)],
        )


def classifier():
    """scores = softmax(x W + b), FP32 [-1, 4] to [-1, 3]: class k wins where x[k] is largest."""
    weights = np.zeros((4, 3), dtype=np.float32)
    weights[0, 0] = weights[1, 1] = weights[2, 2] = 4.0
    bias = np.array([0.0, 0.1, 0.2], dtype=np.float32)
    kind = TensorProto.FLOAT
    save(
        "classifier",
        [
            helper.make_node("Gemm", ["x", "weights", "bias"], ["logits"]),
            helper.make_node("Softmax", ["logits"], ["scores"], axis=1),
        ],
        [value("x", kind, "batch", 4)],
        [value("scores", kind, "batch", 3)],
        [numpy_helper.from_array(weights, "weights"), numpy_helper.from_array(bias, "bias")],
    )


def half_plus_two():
    """y = 0.5 x + 2, FP32 [-1]: what TensorFlow Serving's own tests serve."""
    kind = TensorProto.FLOAT
    save(
        "half-plus-two",
        [
            helper.make_node("Mul", ["x", "half"], ["product"]),
            helper.make_node("Add", ["product", "two"], ["y"]),
        ],
        [value("x", kind, "batch")],
        [value("y", kind, "batch")],
        [
            numpy_helper.from_array(np.array([0.5], dtype=np.float32), "half"),
            numpy_helper.from_array(np.array([2.0], dtype=np.float32), "two"),
        ],
    )


def mixed():
    """Four inputs of four types; each is its own output, the text under a name that says bytes."""
    inputs = {
        "number": value("number", TensorProto.INT32, "batch", 2),
        "fraction": value("fraction", TensorProto.FLOAT, "batch"),
        "truth": value("truth", TensorProto.BOOL, "batch"),
        "text": value("text", TensorProto.STRING, "batch", 1),
    }
    outputs = {
        "number_out": value("number_out", TensorProto.INT32, "batch", 2),
        "fraction_out": value("fraction_out", TensorProto.FLOAT, "batch"),
        "truth_out": value("truth_out", TensorProto.BOOL, "batch"),
        "text_bytes": value("text_bytes", TensorProto.STRING, "batch", 1),
    }
    save(
        "mixed",
        [
            helper.make_node("Identity", [name], [out])
            for name, out in zip(inputs, outputs, strict=True)
        ],
        list(inputs.values()),
        list(outputs.values()),
    )


def cube():
    """y = x, FP32 [-1, 2, 3]."""
    kind = TensorProto.FLOAT
    save(
        "cube",
        [helper.make_node("Identity", ["x"], ["y"])],
        [value("x", kind, "batch", 2, 3)],
        [value("y", kind, "batch", 2, 3)],
    )


def uneven():
    """y = x and the sum of x, FP32 [-1] to [-1] and [1]: outputs that have no rows in common."""
    kind = TensorProto.FLOAT
    save(
        "uneven",
        [
            helper.make_node("Identity", ["x"], ["y"]),
            helper.make_node("ReduceSum", ["x"], ["sum"], keepdims=1),
        ],
        [value("x", kind, "n")],
        [value("y", kind, "n"), value("sum", kind, 1)],
    )


def text_classifier():
    """scores of three classes from 64 hashed n-gram counts: the class of the largest third."""
    weights = np.zeros((64, 3), dtype=np.float32)
    for bucket in range(64):
        weights[bucket, bucket % 3] = 8.0
    kind = TensorProto.FLOAT
    save(
        "text-classifier",
        [
            helper.make_node("MatMul", ["x", "weights"], ["logits"]),
            helper.make_node("Softmax", ["logits"], ["scores"], axis=1),
        ],
        [value("x", kind, "batch", 64)],
        [value("scores", kind, "batch", 3)],
        [numpy_helper.from_array(weights, "weights")],
    )


def logarithm():
    """y = log(x), FP32 [-1]: NaN below zero, minus infinity at zero."""
    save(
        "log",
        [helper.make_node("Log", ["x"], ["y"])],
        [value("x", TensorProto.FLOAT, "n")],
        [value("y", TensorProto.FLOAT, "n")],
    )


def fails_when_run():
    """y = reshape of x to [7]: every batch that is not of seven elements breaks inside the model."""
    shape = numpy_helper.from_array(np.array([7], dtype=np.int64), "shape")
    save(
        "seven-only",
        [helper.make_node("Reshape", ["x", "shape"], ["y"])],
        [value("x", TensorProto.FLOAT, "n")],
        [value("y", TensorProto.FLOAT, 7)],
        [shape],
    )


def sequence():
    """An output that is no tensor."""
    save(
        "sequence",
        [helper.make_node("SequenceConstruct", ["x"], ["y"])],
        [value("x", TensorProto.FLOAT, "n")],
        [helper.make_tensor_sequence_value_info("y", TensorProto.FLOAT, None)],
    )


def positions():
    """Where x is not zero: the shape of y depends on the values of x."""
    save(
        "positions",
        [helper.make_node("NonZero", ["x"], ["y"])],
        [value("x", TensorProto.FLOAT, "n")],
        [value("y", TensorProto.INT64, 1, "count")],
    )


def broken():
    """The first half of a model."""
    whole = (ONNX_TESTS / "add-sub.onnx").read_bytes()
    (ONNX_TESTS / "broken.onnx").write_bytes(whole[: len(whole) // 2])


def copy_served():
    SERVER_TESTS.mkdir(parents=True, exist_ok=True)
    for name in SERVED:
        content = (ONNX_TESTS / f"{name}.onnx").read_bytes()
        (SERVER_TESTS / f"{name}.onnx").write_bytes(content)


if __name__ == "__main__":
    add_sub()
    identities()
    classifier()
    half_plus_two()
    mixed()
    cube()
    uneven()
    text_classifier()
    logarithm()
    fails_when_run()
    sequence()
    positions()
    broken()
    copy_served()
