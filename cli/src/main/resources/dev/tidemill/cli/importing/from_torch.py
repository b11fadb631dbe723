"""PyTorch: TorchScript, exported programs and pickled modules, by torch.onnx."""

import inspect
import os
import re
import sys
import zipfile

import numpy as np
import sniff
from convert import Refused
from converted import Converted, Input, given_sample, wanted_shapes
from torch_export import NAMES, Exported, flatten, write


def convert(request, events):
    import torch

    model, what = load(request)
    events.step("loaded %s with torch %s" % (what, torch.__version__))
    inputs = inputs_of(model, request)
    rows = request["fixedBatch"] or 2
    rng = np.random.default_rng(request["seed"])
    example = [torch.from_numpy(value.sample(rng, rows)) for value in inputs]
    module = model.module() if hasattr(model, "graph_signature") else model
    with torch.inference_mode():
        try:
            names, tensors = flatten(module(*example))
        except (RuntimeError, TypeError, ValueError, IndexError) as error:
            raise Refused(
                "the model itself fails on made-up inputs %s: %s"
                % ([list(one.shape) for one in example], " ".join(str(error).split())[:300]),
                "give the right --input-shape and --input-type, or --sample",
            ) from error
    exported = Exported(model, inputs, names, tensors, request["fixedBatch"])
    how = write(exported, tuple(example), request["output"])
    events.step("converted to ONNX by %s: %s -> %s" % (how, listed(inputs), ", ".join(names)))

    def run(feeds):
        with torch.inference_mode():
            _, results = flatten(module(*[torch.from_numpy(feeds[one.name]) for one in inputs]))
        return {name: value.numpy() for name, value in zip(names, results)}

    return Converted(
        request["output"],
        inputs,
        run,
        fixed_batch=request["fixedBatch"],
        versions={"torch": torch.__version__},
    )


def listed(inputs):
    return ", ".join("%s %s%s" % (one.name, one.dtype, ["N"] + one.shape[1:]) for one in inputs).replace("'", "")


def load(request):
    import torch

    path = request["main"]
    kind = sniff.inspect(path)["format"] if zipfile.is_zipfile(path) else "torch-pickle"
    if kind == "torchscript":
        return torch.jit.load(path, map_location="cpu").eval(), "a TorchScript module"
    if kind == "exported-program":
        return torch.export.load(path), "an exported program"
    folder = request["source"] if os.path.isdir(request["source"]) else os.path.dirname(path)
    # Where people, and MLflow, keep the source of a pickled class.
    sys.path += [folder, os.path.join(folder, "code"), os.path.dirname(path)]
    try:
        model = torch.load(path, map_location="cpu", weights_only=False)
    except (AttributeError, ModuleNotFoundError) as error:
        raise Refused(
            "file: the source of its class is not here: %s" % " ".join(str(error).split())[:200],
            "put the class's .py file beside it, or save TorchScript: "
            "torch.jit.trace(model, example).save(FILE)",
        ) from error
    if isinstance(model, torch.nn.Module):
        return model.eval(), "a pickled %s" % type(model).__name__
    if isinstance(model, dict):
        raise Refused(
            "file: a state_dict, weights without a model",
            "build the model, load the weights and save torch.jit.trace(model, example).save(FILE)",
        )
    raise Refused("file: 'a %s' (expected: a torch.nn.Module)" % type(model).__name__)


def inputs_of(model, request):
    shapes, types = wanted_shapes(request)
    sample = given_sample(request)
    if not shapes and sample:
        shapes = {name: list(array.shape) for name, array in sample.items()}
    for name, array in sample.items():
        types.setdefault(name, str(array.dtype))
    if not shapes and hasattr(model, "graph_signature"):
        return program_inputs(model)
    names = arguments(model)
    if not shapes:
        raise Refused(
            "model: its input shapes are not in the file",
            "give them: %s"
            % " ".join("--input-shape %s=1,..." % name for name in names or ["x"]),
        )
    if names and set(names) >= set(shapes):
        ordered = [name for name in names if name in shapes]
    else:
        ordered = list(shapes)
    return [Input(name, types.get(name, "float32"), shapes[name]) for name in ordered]


def arguments(model):
    import torch

    if isinstance(model, torch.jit.ScriptModule):
        return [one.debugName().split(".")[0] for one in list(model.graph.inputs())[1:]]
    if hasattr(model, "graph_signature"):
        return list(model.graph_signature.user_inputs)
    named = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return [name for name, one in inspect.signature(model.forward).parameters.items() if one.kind in named]


def program_inputs(program):
    wanted = set(program.graph_signature.user_inputs)
    inputs = []
    for node in program.graph.nodes:
        if node.op == "placeholder" and node.name in wanted:
            value = node.meta["val"]
            sizes = [int(size) if re.fullmatch(r"\d+", str(size)) else -1 for size in value.shape]
            inputs.append(Input(node.name, NAMES.get(str(value.dtype), str(value.dtype)), sizes))
    return inputs
