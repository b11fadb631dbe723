"""Writes the models and requests: python models.py FOLDER.

The convolutional net is exported from an untrained torch model where the install script has unpacked
Debian's torch (WITH_TORCH=1); otherwise the same net is written with the onnx package and seeded weights.
`conv.origin` says which.
"""

import os
import pathlib
import subprocess
import sys

import numpy as np
import onnx
from onnx import TensorProto as T
from onnx import helper, numpy_helper

import workloads

OPSET = 17
IR = 8


def save(path, nodes, inputs, outputs, weights=()):
    graph = helper.make_graph(
        nodes, path.parent.name, inputs, outputs,
        [numpy_helper.from_array(array, name) for name, array in weights])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
    model.ir_version = IR
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def value(name, kind, *dims):
    return helper.make_tensor_value_info(name, kind, list(dims))


def addsub(path):
    save(
        path,
        [helper.make_node("Add", ["INPUT0", "INPUT1"], ["OUTPUT0"]),
         helper.make_node("Sub", ["INPUT0", "INPUT1"], ["OUTPUT1"])],
        [value("INPUT0", T.INT32, "batch", 16), value("INPUT1", T.INT32, "batch", 16)],
        [value("OUTPUT0", T.INT32, "batch", 16), value("OUTPUT1", T.INT32, "batch", 16)])


def echo(path):
    save(
        path,
        [helper.make_node("Identity", ["input"], ["output"])],
        [value("input", T.FLOAT, "batch", "n")],
        [value("output", T.FLOAT, "batch", "n")])


def tabular(path, sizes=(30, 512, 512, 512, 2)):
    rng = np.random.default_rng(workloads.SEED)
    nodes, weights, last = [], [], "input"
    for i, (fan_in, fan_out) in enumerate(zip(sizes, sizes[1:])):
        scale = np.sqrt(2 / fan_in)
        weights += [(f"w{i}", (rng.standard_normal((fan_in, fan_out)) * scale).astype(np.float32)),
                    (f"b{i}", np.zeros(fan_out, np.float32))]
        final = i == len(sizes) - 2
        out = "logits" if final else f"h{i}"
        nodes.append(helper.make_node("Gemm", [last, f"w{i}", f"b{i}"], [out]))
        if not final:
            nodes.append(helper.make_node("Relu", [out], [f"r{i}"]))
            last = f"r{i}"
    nodes.append(helper.make_node("Softmax", ["logits"], ["output"], axis=-1))
    save(path, nodes, [value("input", T.FLOAT, "batch", 30)],
         [value("output", T.FLOAT, "batch", 2)], weights)


CONV = [(3, 32, 1), (32, 64, 1), (64, 64, 2), (64, 64, 1), (64, 64, 1), (64, 128, 2), (128, 128, 1), (128, 256, 2)]
"""Channels in, channels out and stride of each 3x3 convolution; torch_export.py has the same."""


def conv(path):
    rng = np.random.default_rng(workloads.SEED)
    nodes, weights, last = [], [], "input"
    for i, (fan_in, fan_out, stride) in enumerate(CONV):
        scale = np.sqrt(2 / (fan_in * 9))
        weights += [
            (f"w{i}", (rng.standard_normal((fan_out, fan_in, 3, 3)) * scale).astype(np.float32)),
            (f"b{i}", np.zeros(fan_out, np.float32))]
        nodes += [
            helper.make_node("Conv", [last, f"w{i}", f"b{i}"], [f"c{i}"], kernel_shape=[3, 3],
                             pads=[1, 1, 1, 1], strides=[stride, stride]),
            helper.make_node("Relu", [f"c{i}"], [f"r{i}"])]
        last = f"r{i}"
    weights += [("w", (rng.standard_normal((256, 10)) / 16).astype(np.float32)),
                ("b", np.zeros(10, np.float32))]
    nodes += [helper.make_node("GlobalAveragePool", [last], ["pooled"]),
              helper.make_node("Flatten", ["pooled"], ["flat"]),
              helper.make_node("Gemm", ["flat", "w", "b"], ["output"])]
    save(path, nodes, [value("input", T.FLOAT, "batch", 3, 64, 64)],
         [value("output", T.FLOAT, "batch", 10)], weights)


def torch_conv(path):
    """What exported it; nothing where there is no torch. Debian's belongs to the system's interpreter."""
    script = pathlib.Path(__file__).with_name("torch_export.py")
    wrapped = script.parent.parent / "with-torch"
    if not (pathlib.Path(os.environ.get("TIDEMILL_BENCH_HOME", wrapped.parent / "target")) / "torch" / "root").is_dir():
        return ""
    done = subprocess.run(
        [wrapped, "/usr/bin/python3", script, path], capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


def main(folder):
    folder = pathlib.Path(folder)
    makers = {"addsub": addsub, "echo": echo, "tabular": tabular, "conv": conv}
    for name, make in makers.items():
        path = folder / "repository" / name / "1" / "model.onnx"
        path.parent.mkdir(parents=True, exist_ok=True)
        origin = torch_conv(path) if name == "conv" else ""
        if not origin:
            make(path)
        if name == "conv":
            origin = origin or "written with the onnx package, seeded weights; no torch"
            (folder / "conv.origin").write_text(origin + "\n")
            print("conv:", origin)
    workloads.write_requests(folder / "requests")
    print("models and requests in", folder)


if __name__ == "__main__":
    main(sys.argv[1])
