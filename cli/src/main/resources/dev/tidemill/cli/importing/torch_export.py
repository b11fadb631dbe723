"""Writes a torch model as ONNX, by one exporter or the other."""

import re
import warnings

from convert import Refused

OPSET = 18
NAMES = {
    "torch.float32": "float32",
    "torch.float64": "float64",
    "torch.float16": "float16",
    "torch.int64": "int64",
    "torch.int32": "int32",
    "torch.int16": "int16",
    "torch.int8": "int8",
    "torch.uint8": "uint8",
    "torch.bool": "bool",
}
OPERATOR = re.compile(r"operator '([^']+)'|op='([^']+)'|No ONNX function found for <OpOverload\(op='([^']+)'")


class Exported:
    """What the exporters need to know beside the model."""

    def __init__(self, model, inputs, output_names, outputs, fixed_batch):
        self.model = model
        self.inputs = inputs
        self.output_names = output_names
        self.outputs = outputs
        self.fixed_batch = fixed_batch

    def axes(self, rows):
        """The open sizes by tensor name, for the older exporter."""
        axes = {}
        for one in self.inputs:
            opened = self.open_sizes(one)
            if opened:
                axes[one.name] = opened
        for name, tensor in zip(self.output_names, self.outputs):
            if not self.fixed_batch and tensor.dim() > 0 and tensor.shape[0] == rows:
                axes[name] = {0: "batch"}
        return axes

    def open_sizes(self, one):
        opened = {} if self.fixed_batch or not one.shape else {0: "batch"}
        for index, size in enumerate(one.shape[1:], start=1):
            if size < 0:
                opened[index] = "size%d" % index
        return opened


def flatten(result):
    """Names and tensors of what a model returns."""
    import torch

    if isinstance(result, torch.Tensor):
        return ["output"], [result]
    if isinstance(result, dict):
        pairs = [(str(name), value) for name, value in result.items()]
    elif isinstance(result, (tuple, list)):
        pairs = [("output%d" % index, value) for index, value in enumerate(result)]
    else:
        raise Refused(
            "the model returns a %s (expected: a tensor, or a tuple, list or dict of them)"
            % type(result).__name__
        )
    for name, value in pairs:
        if not isinstance(value, torch.Tensor):
            raise Refused("output %s: a %s (expected: a tensor)" % (name, type(value).__name__))
    return [name for name, _ in pairs], [value for _, value in pairs]


def write(exported, example, path):
    """Returns what did it. Exported programs take the newer way only, TorchScript the older only."""
    import torch

    program = hasattr(exported.model, "graph_signature")
    script = isinstance(exported.model, torch.jit.ScriptModule)
    if program:
        ways = [by_program]
    elif script:
        ways = [by_trace]
    else:
        ways = [by_trace, by_dynamo]
    failures = []
    for way in ways:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return way(exported, example, path)
        except Exception as error:  # exporters raise whatever the model's code raises
            failures.append(error)
    raise refused(failures) from failures[0]


def by_trace(exported, example, path):
    import torch

    with torch.no_grad():
        torch.onnx.export(
            exported.model,
            example,
            path,
            dynamo=False,
            input_names=[one.name for one in exported.inputs],
            output_names=exported.output_names,
            dynamic_axes=exported.axes(example[0].shape[0] if example else 0),
            opset_version=OPSET,
        )
    return "tracing"


def by_dynamo(exported, example, path):
    import torch

    sizes = tuple(
        {index: torch.export.Dim.AUTO for index in exported.open_sizes(one)} or None
        for one in exported.inputs
    )
    program = torch.export.export(exported.model, example, dynamic_shapes=sizes, strict=False)
    return save(torch.onnx.export(program, dynamo=True, **names(exported)), path)


def by_program(exported, example, path):
    import torch

    return save(torch.onnx.export(exported.model, dynamo=True, **names(exported)), path)


def names(exported):
    return {
        "input_names": [one.name for one in exported.inputs],
        "output_names": exported.output_names,
        "opset_version": OPSET,
        "verbose": False,
    }


def save(program, path):
    program.save(path, external_data=False)
    return "torch.export"


def refused(failures):
    for error in failures:
        found = OPERATOR.search(str(error))
        if found:
            return Refused(
                "operator %s: it has no ONNX form (opset %d)"
                % (next(group for group in found.groups() if group), OPSET),
                "replace it in the model by operators that have one",
            )
    text = " | ".join(
        "%s: %s" % (type(error).__name__, " ".join(str(error).split())[:250]) for error in failures
    )
    return Refused(
        "the exporter gave up: %s" % text,
        "the model's code must be traceable: no branches on values, tensors in and out",
    )
