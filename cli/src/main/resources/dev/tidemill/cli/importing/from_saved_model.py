"""TensorFlow SavedModels, by tf2onnx."""

import logging
import re

from convert import Refused
from converted import Converted, Input

OPSET = 17
USUAL = "serving_default"
UNSUPPORTED = re.compile(r"Tensorflow op \[[^:\]]*: ([A-Za-z0-9_]+)\] is not supported")


class Heard(logging.Handler):
    """tf2onnx names operators that it cannot convert only in its log."""

    def __init__(self):
        super().__init__()
        self.operators = set()

    def emit(self, record):
        self.operators.update(UNSUPPORTED.findall(record.getMessage()))


def convert(request, events):
    import tensorflow as tf

    try:
        model = tf.saved_model.load(request["main"])
    except (OSError, ValueError, KeyError, tf.errors.OpError) as error:
        raise unloadable(error) from error
    name = signature_name(model, request["signature"])
    signature = model.signatures[name]
    wanted = signature.structured_input_signature[1]
    outputs = signature.structured_outputs
    events.step(
        "loaded signature '%s' with TensorFlow %s: %s -> %s"
        % (name, tf.__version__, ", ".join(sorted(wanted)), ", ".join(sorted(outputs)))
    )
    inputs = [input_of(key, spec, request) for key, spec in wanted.items()]
    write(tf, signature, wanted, outputs, request["output"])
    events.step("converted to ONNX opset %d" % OPSET)

    def run(feeds):
        tensors = {key: tf.constant(feeds[key], dtype=spec.dtype) for key, spec in wanted.items()}
        return {key: value.numpy() for key, value in signature(**tensors).items()}

    rows = {spec.shape[0] for spec in wanted.values() if spec.shape.rank and spec.shape[0]}
    return Converted(
        request["output"],
        inputs,
        run,
        fixed_batch=request["fixedBatch"] or (rows.pop() if rows else 0),
        versions={"tensorflow": tf.__version__},
    )


def unloadable(error):
    text = " ".join(str(error).split())[:400]
    missing = re.search(r"Op type not registered '([^']+)'", text)
    if missing:
        return Refused(
            "operator %s: TensorFlow itself does not know it" % missing.group(1),
            "it comes from a library of custom operators, which has no ONNX form",
        )
    return Refused("SavedModel cannot be loaded: %s" % text, "")


def signature_name(model, wanted):
    names = sorted(model.signatures.keys())
    name = wanted or (USUAL if USUAL in names or len(names) != 1 else names[0])
    if name not in names:
        raise Refused(
            "signature: '%s' (expected: one of %s)" % (name, names or "none: it has no signatures"),
            "save it with signatures: model.export(FOLDER) in Keras, or tf.saved_model.save(..., signatures=...)",
        )
    return name


def input_of(key, spec, request):
    given = {entry["name"]: entry["shape"] for entry in request["shapes"]}
    if spec.shape.rank is None and key not in given:
        raise Refused(
            "input %s: its shape is not in the signature" % key, "give --input-shape %s=1,..." % key
        )
    shape = given.get(key) or [-1 if size is None else size for size in spec.shape.as_list()]
    return Input(key, spec.dtype.name, shape)


def write(tf, signature, wanted, outputs, path):
    import tf2onnx

    heard = Heard()
    logging.getLogger("tf2onnx").addHandler(heard)
    keys = list(wanted)

    def call(*arguments):
        return signature(**dict(zip(keys, arguments)))

    specs = [tf.TensorSpec(wanted[key].shape, wanted[key].dtype, name=key) for key in keys]
    try:
        tf2onnx.convert.from_function(
            tf.function(call, input_signature=specs),
            input_signature=specs,
            opset=OPSET,
            output_path=path,
        )
    except Exception as error:  # tf2onnx raises many kinds
        raise refused(heard.operators, error) from error
    if heard.operators:
        raise refused(heard.operators, None)
    rename(path, keys, sorted(outputs))


def refused(operators, error):
    if operators:
        return Refused(
            "operators without an ONNX form: %s" % ", ".join(sorted(operators)),
            "move them out of the model, such as text or table look-ups into the client",
        )
    return Refused("tf2onnx gave up: %s: %s" % (type(error).__name__, " ".join(str(error).split())[:400]))


def rename(path, inputs, outputs):
    """Back to the signature's names: in the graph they are `NAME:0` and `Identity:0`."""
    import onnx

    model = onnx.load(path)
    # What a function returns as a dict comes out in the order of its sorted keys.
    to = {value.name: value.name.split(":")[0] for value in model.graph.input}
    to.update({value.name: name for value, name in zip(model.graph.output, outputs)})
    taken = {name for node in model.graph.node for name in node.output} - set(to)
    for node in model.graph.node:
        for names in (node.input, node.output):
            for index, name in enumerate(names):
                if name in to:
                    names[index] = to[name]
                elif name in to.values() and name in taken:
                    names[index] = name + "__inner"
    for value in list(model.graph.input) + list(model.graph.output):
        value.name = to[value.name]
    del model.graph.value_info[:]
    onnx.checker.check_model(model)
    onnx.save(model, path)
