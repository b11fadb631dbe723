"""Requests made at random from a seed: right ones, and ones with a mistake of a known kind."""

import copy
import json
import random
from dataclasses import dataclass, field

from support.tensors import EXTREMES, array, json_input, model_of, to_binary


@dataclass
class Request:
    model: str
    # The JSON, its inputs with "data" even where they travel as bytes.
    header: dict
    # Inputs that travel as bytes: index -> bytes.
    binary: dict
    path: str = ""
    # What is done to the finished bytes: name -> argument.
    damage: dict = field(default_factory=dict)
    # Not for the oracle: it would not survive.
    alone: bool = False

    def encode(self):
        """Body and headers, as they are sent."""
        header = copy.deepcopy(self.header)
        tensors = []
        inputs = header.get("inputs")
        for index, data in sorted(self.binary.items()):
            if isinstance(inputs, list) and index < len(inputs) and isinstance(inputs[index], dict):
                inputs[index].pop("data", None)
                inputs[index].setdefault("parameters", {})
                inputs[index]["parameters"].setdefault("binary_data_size", len(data))
                tensors.append(data)
        text = json.dumps(header, allow_nan=True).encode()
        if "flip" in self.damage:
            at, byte = self.damage["flip"]
            text = text[: at % len(text)] + bytes([byte]) + text[at % len(text) + 1 :]
        if "cut" in self.damage:
            text = text[: 1 + int(len(text) * self.damage["cut"])]
        headers = {"Content-Type": "application/json"}
        body = text + b"".join(tensors)
        if tensors:
            headers["Inference-Header-Content-Length"] = str(len(text) + self.damage.get("length", 0))
            missing = self.damage.get("missing", 0)
            body = body[:-missing] if missing > 0 else body + bytes(-missing)
        return body, headers


def values(random_, datatype, count):
    if datatype == "BYTES":
        return ["".join(random_.choices("abcü☃ \"\\", k=random_.randrange(6))) for _ in range(count)]
    if datatype == "BOOL":
        return [random_.random() < 0.5 for _ in range(count)]
    if datatype == "BF16":
        return [random_.randrange(0x4000) for _ in range(count)]
    if datatype.startswith("FP"):
        pool = [0.0, -0.0, 0.5, -1.25, 1e-5, 65504.0, random_.uniform(-1000, 1000)]
        return [random_.choice(pool) for _ in range(count)]
    low, _, high = EXTREMES[datatype]
    return [random_.choice([low, high, 0, 1, random_.randint(low, high)]) for _ in range(count)]


def encoded(datatype, data):
    return to_binary(datatype, array(datatype, data))


def nested(random_, data, shape):
    if random_.random() < 0.3 or len(shape) < 2:
        return data
    rows, width = shape[0], len(data) // shape[0] if shape[0] else 0
    return [data[row * width : (row + 1) * width] for row in range(rows)]


def right(random_):
    """A request that nothing is wrong with."""
    kind = random_.choice(["identity", "identity", "simple", "plain", "matrix", "half", "versioned", "classifier"])
    inputs, path = [], ""
    if kind == "identity":
        datatype = random_.choice(sorted(EXTREMES))
        model = model_of(datatype)
        shape = [random_.randint(1, 8), random_.randint(1, 5)]
        inputs.append(("INPUT0", datatype, shape))
    elif kind == "simple":
        return two_inputs(random_, "simple")
    elif kind == "plain":
        model = "plain_int32"
        inputs.append(("INPUT0", "INT32", [random_.randint(1, 6)]))
    elif kind == "matrix":
        model = "matrix_fp32"
        inputs.append(("INPUT0", "FP32", [random_.randint(1, 5), random_.randint(1, 5)]))
    elif kind == "classifier":
        model = "classifier"
        inputs.append(("INPUT0", "FP32", [random_.randint(1, 8), 5]))
    else:
        model = "half_plus_two" if kind == "half" else "versioned"
        path = random_.choice(["", "/versions/1"])
        inputs.append(("x", "FP32", [random_.randint(1, 5)]))
    return finish(random_, model, path, inputs)


def two_inputs(random_, model):
    """The same, to the model simple or to one that looks like it."""
    rows = random_.randint(1, 8)
    return finish(random_, model, "", [("INPUT0", "INT32", [rows, 16]), ("INPUT1", "INT32", [rows, 16])])


def without_elements(random_):
    """The same, with a tensor of no elements."""
    datatype = random_.choice(sorted(EXTREMES))
    return finish(random_, model_of(datatype), "", [("INPUT0", datatype, [random_.randint(1, 8), 0])])


def finish(random_, model, path, inputs):
    header, binary = {"inputs": []}, {}
    if random_.random() < 0.4:
        header["id"] = random_.choice(["1", "", "an id", "ü"])
    if random_.random() < 0.2:
        header["parameters"] = {"mine": random_.choice([1, "text", True])}
    for index, (name, datatype, shape) in enumerate(inputs):
        count = 1
        for each in shape:
            count *= each
        data = values(random_, datatype, count)
        # Sums that overflow depend on the runtime.
        if model in ("simple", "ensemble"):
            data = [each % 1000 for each in data]
        # Which of -0.0 and 0.0 is the better class is nobody's business.
        if model == "classifier":
            data = [each or 0.0 for each in data]
        header["inputs"].append(json_input(name, datatype, shape, nested(random_, data, shape)))
        if datatype in ("FP16", "BF16") or random_.random() < 0.4:
            binary[index] = encoded(datatype, data)
    outputs(random_, model, header, inputs)
    return Request(model, header, binary, path)


def outputs(random_, model, header, inputs):
    names = {"simple": ["OUTPUT0", "OUTPUT1"], "ensemble": ["OUTPUT0", "OUTPUT1"]}.get(
        model, ["y"] if inputs[0][0] == "x" else ["OUTPUT0"]
    )
    half = inputs[0][1] in ("FP16", "BF16")
    if random_.random() < 0.4 and not half:
        return
    if random_.random() < 0.3:
        header.setdefault("parameters", {})["binary_data_output"] = True
        return
    listed = []
    for name in random_.sample(names, random_.randint(1, len(names))):
        parameters = {"binary_data": True} if half or random_.random() < 0.5 else {}
        if model == "classifier" and random_.random() < 0.5:
            parameters["classification"] = random_.randint(1, 7)
        listed.append({"name": name} | ({"parameters": parameters} if parameters else {}))
    header["outputs"] = listed


def some_input(random_, request):
    return random_.choice(request.header["inputs"])


def drop_key(random_, request):
    each = some_input(random_, request)
    each.pop(random_.choice([key for key in each if key in ("name", "datatype", "shape")]))


def change_shape(random_, request):
    shape = some_input(random_, request)["shape"]
    kind = random_.choice(["dimension", "rank up", "rank down", "negative", "huge"])
    at = random_.randrange(len(shape))
    if kind == "dimension":
        # Not to 0: an oracle that has nothing to read passes over data that is there.
        shape[at] += random_.choice([-1, 1, 2]) if shape[at] > 1 else 1
    elif kind == "rank up":
        shape.insert(at, 1)
    elif kind == "rank down":
        shape.pop(at)
    elif kind == "negative":
        shape[at] = -random_.randint(1, 3)
    else:
        # The byte size overflows to 0, and the oracle ends.
        shape[at] = 2**62
        request.alone = True


def odd_shape(random_, request):
    some_input(random_, request)["shape"] = random_.choice([5, "1,2", None, {}, [[1, 2]], ["1"], [1.5], [True, 2]])


def change_datatype(random_, request):
    each = some_input(random_, request)
    each["datatype"] = random_.choice([*sorted(EXTREMES), "INT33", "", "float", "STRING"])


def rename_input(random_, request):
    some_input(random_, request)["name"] = random_.choice(["nobody", "", "INPUT1", "input0"])


def drop_input(random_, request):
    at = random_.randrange(len(request.header["inputs"]))
    request.header["inputs"].pop(at)
    request.binary = {(key if key < at else key - 1): data for key, data in request.binary.items() if key != at}


def repeat_input(random_, request):
    request.header["inputs"].append(copy.deepcopy(some_input(random_, request)))


def unknown_output(random_, request):
    request.header["outputs"] = [{"name": random_.choice(["nobody", "", "OUTPUT9"])}]


def repeat_output(random_, request):
    listed = request.header.setdefault("outputs", [{"name": "y" if "x" in str(request.header) else "OUTPUT0"}])
    listed.append(copy.deepcopy(listed[0]))


def odd_output(random_, request):
    request.header["outputs"] = random_.choice([5, "OUTPUT0", {}, ["OUTPUT0"], [{}], [{"name": 5}], [None]])


def as_json(random_, request):
    """An input that travels as JSON, its data flat."""
    index = random_.randrange(len(request.header["inputs"]))
    each = request.header["inputs"][index]
    request.binary.pop(index, None)
    if each["data"] and isinstance(each["data"][0], list):
        each["data"] = [value for row in each["data"] for value in row]
    return each


def change_count(random_, request):
    each = as_json(random_, request)
    if each["data"] and random_.random() < 0.5:
        each["data"].pop()
    else:
        each["data"].append(each["data"][0] if each["data"] else 1)


def odd_element(random_, request):
    each = as_json(random_, request)
    if not each["data"]:
        return
    odd = [None, {}, []] + ([] if each["datatype"] == "BYTES" else ["text"])
    if "INT" in each["datatype"]:
        odd += [1.5, True, 10**30]
    each["data"][random_.randrange(len(each["data"]))] = random_.choice(odd)


def out_of_range(random_, request):
    each = as_json(random_, request)
    bounds = EXTREMES[each["datatype"]]
    if "INT" not in each["datatype"] or not each["data"]:
        return
    each["data"][-1] = random_.choice([bounds[0] - 1, bounds[2] + 1, bounds[2] * 300])


def too_many_rows(random_, request):
    inputs = [("INPUT0", "INT32", [9, 16]), ("INPUT1", "INT32", [9, 16])]
    made = finish(random_, "simple", "", inputs)
    request.model, request.path, request.header, request.binary = made.model, "", made.header, made.binary


def odd_top_level(random_, request):
    key = random_.choice(["id", "parameters", "inputs"])
    request.header[key] = random_.choice([5, True, ["a"], None] + ([{}, "text"] if key == "inputs" else []))
    if key == "inputs":
        request.binary = {}


def cut_json(random_, request):
    request.damage["cut"] = random_.random() * 0.97
    request.binary = {}


def flip_a_character(random_, request):
    request.damage["flip"] = (random_.randrange(10_000), random_.randrange(32, 127))


def all_binary(request):
    for index, each in enumerate(request.header["inputs"]):
        data = each["data"]
        flat = [value for row in data for value in row] if data and isinstance(data[0], list) else data
        request.binary[index] = encoded(each["datatype"], flat)


def change_binary_size(random_, request):
    all_binary(request)
    each = some_input(random_, request)
    size = len(request.binary[request.header["inputs"].index(each)])
    each["parameters"] = {"binary_data_size": random_.choice([size + 1, size * 2 + 4, -size - 1, "8", 1.5, None])}


def change_binary_length(random_, request):
    all_binary(request)
    request.damage["missing"] = random_.choice([1, 2, -1, -4, -100])


def change_header_length(random_, request):
    all_binary(request)
    request.damage["length"] = random_.choice([-1, -7, 10_000, 10**12])


def unknown_version(random_, request):
    request.path = random_.choice(["/versions/9", "/versions/77"])


def unknown_model(random_, request):
    request.model = random_.choice(["nobody", "Simple", "simple2"])


MISTAKES = {
    each.__name__: each
    for each in (
        drop_key,
        change_shape,
        odd_shape,
        change_datatype,
        rename_input,
        drop_input,
        repeat_input,
        unknown_output,
        repeat_output,
        odd_output,
        change_count,
        odd_element,
        out_of_range,
        too_many_rows,
        odd_top_level,
        cut_json,
        flip_a_character,
        change_binary_size,
        change_binary_length,
        change_header_length,
        unknown_version,
        unknown_model,
    )
}


def wrong(random_, mistake):
    made = right(random_)
    MISTAKES[mistake](random_, made)
    return made


def seeded(seed, name, count):
    for number in range(count):
        yield random.Random(f"{seed}-{name}-{number}")
