"""What every kind hands to the check: the written ONNX file, and the original that it is compared with."""

import json
import os

import numpy as np
from convert import Refused

MOST_BYTES = 2**31 - 1
LABELS = "tidemill.labels"
SCORES = "tidemill.scores"

DTYPES = {
    "float32": np.float32,
    "float64": np.float64,
    "float16": np.float16,
    "int64": np.int64,
    "int32": np.int32,
    "int16": np.int16,
    "int8": np.int8,
    "uint8": np.uint8,
    "bool": np.bool_,
    "string": object,
}


class Input:
    """An input of the model. The first size of `shape` is the batch and means nothing unless `fixed`."""

    def __init__(self, name, dtype, shape, draw=None):
        if dtype not in DTYPES:
            raise Refused(
                "input %s: its type '%s' has no check yet" % (name, dtype),
                "types that do: %s" % ", ".join(DTYPES),
            )
        self.name = name
        self.dtype = dtype
        self.shape = list(shape)
        self.draw = draw or self.usual

    def sample(self, rng, batch):
        # Sizes that are left open, such as a text's length, differ from batch to batch.
        sizes = [open_size(batch) if size < 0 else size for size in self.shape[1:]]
        values = np.asarray(self.draw(rng, [batch] + sizes if self.shape else []))
        return values.astype(DTYPES[self.dtype])

    def usual(self, rng, shape):
        if self.dtype == "string":
            return rng.choice(np.array(["a", "b", "c"], dtype=object), shape)
        if self.dtype == "bool":
            return rng.integers(0, 2, shape)
        if self.dtype == "uint8":
            return rng.integers(0, 256, shape)
        if self.dtype.startswith("int"):
            return rng.integers(0, 2, shape)
        return rng.standard_normal(shape)


def open_size(batch):
    return 5 + batch % 11


class Converted:
    """`run` takes a dict of arrays by input name and gives one of arrays by output name."""

    def __init__(self, path, inputs, run, labels=(), scores="", fixed_batch=0, versions=None, decides=None):
        self.path = path
        self.inputs = inputs
        self.run = run
        self.labels = [str(label) for label in labels]
        self.scores = scores
        self.fixed_batch = fixed_batch
        self.versions = versions or {}
        # (label, scores): rows in which two classes tie in the original may get either label.
        self.decides = decides


def describe(path, labels, scores, doc):
    """Writes the class names into the file itself, so that they go where it goes."""
    import onnx

    if os.path.getsize(path) > MOST_BYTES:
        raise Refused(
            "model: %.1f GiB (expected: at most 2 GiB, what one ONNX file can hold)"
            % (os.path.getsize(path) / 2**30),
            "import a smaller or a quantised model",
        )
    model = onnx.load(path, load_external_data=False)
    if any(tensor.external_data for tensor in model.graph.initializer):
        raise Refused(
            "model: its weights went to a second file (expected: one file of at most 2 GiB)",
            "import a smaller or a quantised model",
        )
    del model.metadata_props[:]
    model.doc_string = doc
    if labels:
        model.metadata_props.add(key=LABELS, value=json.dumps(labels, ensure_ascii=False))
    if scores:
        model.metadata_props.add(key=SCORES, value=scores)
    onnx.save(model, path)
    return {entry.domain or "ai.onnx": entry.version for entry in model.opset_import}


def wanted_shapes(request):
    """The user's --input-shape and --input-type, in the order in which they were given."""
    shapes = {}
    for entry in request.get("shapes", []):
        shapes[entry["name"]] = entry["shape"]
    types = {entry["name"]: entry["type"] for entry in request.get("types", [])}
    return shapes, types


def given_sample(request):
    """The arrays of --sample, or none. Pickled arrays are refused: they could run code."""
    path = request.get("sample")
    if not path:
        return {}
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
    except ValueError as error:
        raise Refused(
            "--sample: '%s' (expected: plain arrays; %s)" % (path, error),
            "save texts as numpy.array([...], dtype=str), not as objects",
        ) from error
    return {
        name: array.astype(object) if array.dtype.kind in "US" else array
        for name, array in arrays.items()
    }
