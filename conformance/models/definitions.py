"""The models of the suite, said once: make_onnx.py turns them into ONNX files, make_python.py into models of
Triton's Python backend. An expression computes the outputs, one an output, from numpy arrays named after the inputs."""

from dataclasses import dataclass, field

# Open Inference datatype -> how config.pbtxt, ONNX and numpy call it. BF16 is not a type of numpy.
CONFIG_TYPES = {
    "BOOL": "TYPE_BOOL",
    "UINT8": "TYPE_UINT8",
    "UINT16": "TYPE_UINT16",
    "UINT32": "TYPE_UINT32",
    "UINT64": "TYPE_UINT64",
    "INT8": "TYPE_INT8",
    "INT16": "TYPE_INT16",
    "INT32": "TYPE_INT32",
    "INT64": "TYPE_INT64",
    "FP16": "TYPE_FP16",
    "BF16": "TYPE_BF16",
    "FP32": "TYPE_FP32",
    "FP64": "TYPE_FP64",
    "BYTES": "TYPE_STRING",
}


@dataclass(frozen=True)
class Tensor:
    name: str
    datatype: str
    # Without the batch dimension when the model has one.
    dims: tuple
    labels: tuple = ()


@dataclass(frozen=True)
class Step:
    """A step of an ensemble."""

    model: str
    inputs: dict
    outputs: dict


@dataclass(frozen=True)
class Model:
    name: str
    inputs: tuple
    outputs: tuple
    # 0: dims is the whole shape. Otherwise a batch dimension of any size up to this is in front.
    max_batch_size: int
    # One an output, in Python on numpy arrays; V is the version. Empty: the identity.
    expressions: tuple = ()
    # ONNX nodes: (operator, inputs, outputs, attributes). Empty: an Identity for each output, of the input beside it.
    nodes: tuple = ()
    versions: tuple = (1,)
    steps: tuple = ()
    # More lines of config.pbtxt.
    config: str = ""
    constants: dict = field(default_factory=dict)


def one(datatype, *dims, name="INPUT0"):
    return Tensor(name, datatype, dims)


def identity(name, datatype, *dims, max_batch_size=8, config=""):
    return Model(
        name,
        (one(datatype, *dims),),
        (one(datatype, *dims, name="OUTPUT0"),),
        max_batch_size,
        config=config,
    )


FRUIT = ("apple", "banana", "cherry", "date", "elderberry")

SIMPLE = Model(
    "simple",
    (one("INT32", 16), one("INT32", 16, name="INPUT1")),
    (one("INT32", 16, name="OUTPUT0"), one("INT32", 16, name="OUTPUT1")),
    8,
    expressions=("INPUT0 + INPUT1", "INPUT0 - INPUT1"),
    nodes=(
        ("Add", ("INPUT0", "INPUT1"), ("OUTPUT0",), {}),
        ("Sub", ("INPUT0", "INPUT1"), ("OUTPUT1",), {}),
    ),
)

# Whole numbers as text, in and out.
SIMPLE_STRING = Model(
    "simple_string",
    (one("BYTES", 16), one("BYTES", 16, name="INPUT1")),
    (one("BYTES", 16, name="OUTPUT0"), one("BYTES", 16, name="OUTPUT1")),
    8,
    expressions=(
        "(INPUT0.astype(np.int32) + INPUT1.astype(np.int32)).astype(str).astype(object)",
        "(INPUT0.astype(np.int32) - INPUT1.astype(np.int32)).astype(str).astype(object)",
    ),
    nodes=(
        ("Cast", ("INPUT0",), ("a",), {"to": "INT32"}),
        ("Cast", ("INPUT1",), ("b",), {"to": "INT32"}),
        ("Add", ("a", "b"), ("sum",), {}),
        ("Sub", ("a", "b"), ("difference",), {}),
        ("Cast", ("sum",), ("OUTPUT0",), {"to": "BYTES"}),
        ("Cast", ("difference",), ("OUTPUT1",), {"to": "BYTES"}),
    ),
)

IDENTITIES = tuple(
    identity("identity_" + datatype.lower(), datatype, -1)
    for datatype in CONFIG_TYPES
    if datatype not in ("BYTES", "FP32")
)

HALF_PLUS_TWO = Model(
    "half_plus_two",
    (one("FP32", -1, name="x"),),
    (one("FP32", -1, name="y"),),
    0,
    expressions=("(x * np.float32(0.5) + np.float32(2)).astype(np.float32)",),
    nodes=(
        ("Mul", ("x", "half"), ("scaled",), {}),
        ("Add", ("scaled", "two"), ("y",), {}),
    ),
    constants={"half": 0.5, "two": 2.0},
)

# y = x + version: which version answered shows in the answer.
VERSIONED = Model(
    "versioned",
    (one("FP32", -1, name="x"),),
    (one("FP32", -1, name="y"),),
    0,
    expressions=("(x + np.float32(V)).astype(np.float32)",),
    nodes=(("Add", ("x", "version"), ("y",), {}),),
    versions=(1, 3),
    config="version_policy: { all { } }\n",
    constants={"version": "V"},
)

CLASSIFIER = Model(
    "classifier",
    (one("FP32", 5),),
    (Tensor("OUTPUT0", "FP32", (5,), FRUIT),),
    8,
)

ENSEMBLE = Model(
    "ensemble",
    SIMPLE.inputs,
    SIMPLE.outputs,
    8,
    # (a + b) + (a - b) and (a + b) - (a - b)
    steps=(
        Step("simple", {"INPUT0": "INPUT0", "INPUT1": "INPUT1"}, {"OUTPUT0": "sum", "OUTPUT1": "difference"}),
        Step("simple", {"INPUT0": "sum", "INPUT1": "difference"}, {"OUTPUT0": "OUTPUT0", "OUTPUT1": "OUTPUT1"}),
    ),
)

# Text and the bytes of it: in TensorFlow Serving's JSON only an output whose name ends in _bytes is base64.
TEXT_AND_BYTES = Model(
    "text_and_bytes",
    (one("BYTES", -1, name="text"),),
    (one("BYTES", -1, name="same"), one("BYTES", -1, name="same_bytes")),
    0,
    expressions=("text", "text"),
    nodes=(
        ("Identity", ("text",), ("same",), {}),
        ("Identity", ("text",), ("same_bytes",), {}),
    ),
)

MODELS = (
    SIMPLE,
    SIMPLE_STRING,
    identity("simple_identity", "BYTES", -1),
    identity("identity_fp32", "FP32", -1, config="dynamic_batching { }\n"),
    *IDENTITIES,
    # No batch dimension.
    identity("plain_int32", "INT32", -1, max_batch_size=0),
    identity("plain_bytes", "BYTES", 1, max_batch_size=0),
    identity("matrix_fp32", "FP32", -1, -1, max_batch_size=0),
    identity("matrix_fp16", "FP16", -1, -1, max_batch_size=0),
    # Only the tests of load and unload touch this one.
    identity("reloadable", "INT32", -1),
    HALF_PLUS_TWO,
    VERSIONED,
    CLASSIFIER,
    TEXT_AND_BYTES,
    ENSEMBLE,
)

# A model whose file is not a model: it must be reported, and hurt nobody.
BROKEN = "broken"


def pbtxt(model, platform_lines):
    """The config.pbtxt of a model."""

    def tensors(key, these):
        entries = []
        for each in these:
            dims = ", ".join(str(dim) for dim in each.dims)
            label = f'\n    label_filename: "{each.name.lower()}_labels.txt"' if each.labels else ""
            entries.append(
                f'  {{\n    name: "{each.name}"\n    data_type: {CONFIG_TYPES[each.datatype]}\n'
                f"    dims: [ {dims} ]{label}\n  }}"
            )
        return f"{key} [\n" + ",\n".join(entries) + "\n]\n"

    text = f'name: "{model.name}"\n{platform_lines}max_batch_size: {model.max_batch_size}\n'
    text += tensors("input", model.inputs) + tensors("output", model.outputs)
    if model.steps:
        steps = []
        for step in model.steps:
            lines = [f'    model_name: "{step.model}"', "    model_version: -1"]
            lines += [f'    input_map {{ key: "{k}" value: "{v}" }}' for k, v in step.inputs.items()]
            lines += [f'    output_map {{ key: "{k}" value: "{v}" }}' for k, v in step.outputs.items()]
            steps.append("    {\n  " + "\n  ".join(lines) + "\n    }")
        text += "ensemble_scheduling {\n  step [\n" + ",\n".join(steps) + "\n  ]\n}\n"
    return text + model.config


def write_labels(folder, model):
    for each in model.outputs:
        if each.labels:
            (folder / f"{each.name.lower()}_labels.txt").write_text("\n".join(each.labels) + "\n")
