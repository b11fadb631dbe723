"""The same over gRPC: both servers take a request or both refuse it, and what they answer is equal."""

import random

import grpc
import numpy as np
import pytest
from support.random_requests import encoded, right, seeded
from support.tensors import EXTREMES, from_binary
from tritonclient.grpc import service_pb2 as pb
from tritonclient.grpc import service_pb2_grpc

UNLIMITED = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]

# Kind of mistake -> why the server may refuse what the oracle takes.
STRICTER = {
    "raw_too_many": "an entry that belongs to no input is a mistake",
    "repeat_output": "an output asked for twice is a mistake, which later versions of the oracle agree with",
}


@pytest.fixture(scope="module")
def stubs(request):
    addresses = [request.config.getoption(each) for each in ("grpc", "oracle_grpc")]
    channels = [grpc.insecure_channel(each, UNLIMITED) for each in addresses]
    yield [service_pb2_grpc.GRPCInferenceServiceStub(each) for each in channels]
    for each in channels:
        each.close()


def made(random_):
    """A right request, with raw contents."""
    source = right(random_)
    request = pb.ModelInferRequest(
        model_name=source.model,
        model_version=source.path.rpartition("/")[2] if source.path else "",
        id=source.header.get("id", ""),
    )
    for each in source.header["inputs"]:
        request.inputs.add(name=each["name"], datatype=each["datatype"], shape=each["shape"])
        data = each["data"]
        flat = [value for row in data for value in row] if data and isinstance(data[0], list) else data
        request.raw_input_contents.append(encoded(each["datatype"], flat))
    for each in source.header.get("outputs", []):
        output = request.outputs.add(name=each["name"])
        classes = each.get("parameters", {}).get("classification")
        if classes:
            output.parameters["classification"].int64_param = classes
    return request


def shape_dimension(random_, request):
    shape = random_.choice(request.inputs).shape
    at = random_.randrange(len(shape))
    shape[at] += random_.choice([-1, 1, 3]) if shape[at] > 1 else 1


def shape_rank(random_, request):
    random_.choice(request.inputs).shape.append(1)


def shape_negative(random_, request):
    random_.choice(request.inputs).shape[0] = -random_.randint(1, 4)


def other_datatype(random_, request):
    random_.choice(request.inputs).datatype = random_.choice([*sorted(EXTREMES), "INT33", ""])


def other_name(random_, request):
    random_.choice(request.inputs).name = random_.choice(["nobody", "", "input0"])


def input_missing(random_, request):
    at = random_.randrange(len(request.inputs))
    del request.inputs[at], request.raw_input_contents[at]


def input_twice(random_, request):
    request.inputs.add().CopyFrom(request.inputs[0])
    request.raw_input_contents.append(request.raw_input_contents[0])


def output_unknown(random_, request):
    request.outputs.add(name="nobody")


def repeat_output(random_, request):
    name = "y" if request.inputs[0].name == "x" else "OUTPUT0"
    del request.outputs[:]
    request.outputs.add(name=name)
    request.outputs.add(name=name)


def raw_shorter(random_, request):
    at = random_.randrange(len(request.raw_input_contents))
    request.raw_input_contents[at] = request.raw_input_contents[at][:-1]


def raw_longer(random_, request):
    at = random_.randrange(len(request.raw_input_contents))
    request.raw_input_contents[at] += bytes(random_.choice([1, 4, 8]))


def raw_missing(random_, request):
    del request.raw_input_contents[-1]


def raw_too_many(random_, request):
    request.raw_input_contents.append(b"abcd")


def raw_and_typed(random_, request):
    request.inputs[0].contents.int_contents.append(1)


def version_unknown(random_, request):
    request.model_version = random_.choice(["9", "77"])


def model_unknown(random_, request):
    request.model_name = "nobody"


MISTAKES = {
    each.__name__: each
    for each in (
        shape_dimension,
        shape_rank,
        shape_negative,
        other_datatype,
        other_name,
        input_missing,
        input_twice,
        output_unknown,
        repeat_output,
        raw_shorter,
        raw_longer,
        raw_missing,
        raw_too_many,
        raw_and_typed,
        version_unknown,
        model_unknown,
    )
}


def call(stub, request):
    try:
        return stub.ModelInfer(request, timeout=30), grpc.StatusCode.OK, ""
    except grpc.RpcError as error:
        return None, error.code(), error.details()


def difference(kind, ours, theirs):
    our, our_code, _ = ours
    their, their_code, _ = theirs
    if our_code != their_code:
        stricter = kind in STRICTER and our_code == grpc.StatusCode.INVALID_ARGUMENT
        return None if stricter else f"{our_code.name}, not {their_code.name}"
    return None if their is None else unequal(our, their)


def unequal(our, their):
    for what in ("model_name", "model_version", "id"):
        if getattr(our, what) != getattr(their, what):
            return f"{what} is {getattr(our, what)!r}, not {getattr(their, what)!r}"
    ours, theirs = outputs(our), outputs(their)
    if set(ours) != set(theirs):
        return f"outputs {sorted(ours)}, not {sorted(theirs)}"
    for name, (datatype, shape, values) in theirs.items():
        if ours[name][:2] != (datatype, shape):
            return f"{name} is {ours[name][:2]}, not {(datatype, shape)}"
        nan = {"equal_nan": True} if datatype.startswith("FP") else {}
        if not np.array_equal(ours[name][2], values, **nan):
            return f"values of {name} are {ours[name][2]}, not {values}"
    return None


def outputs(response):
    assert len(response.raw_output_contents) == len(response.outputs), "raw in, raw out"
    return {
        each.name: (each.datatype, list(each.shape), from_binary(each.datatype, raw))
        for each, raw in zip(response.outputs, response.raw_output_contents, strict=True)
    }


def compare(stubs, kind, requests):
    wrong = []
    for request in requests:
        ours, theirs = (call(stub, request) for stub in stubs)
        found = difference(kind, ours, theirs)
        if found:
            wrong.append(f"{found}\n  {str(request)[:800]}\n  server: {ours[1:]}\n  oracle: {theirs[1:]}")
    assert not wrong, f"{len(wrong)} differ:\n" + "\n".join(wrong[:5])


def changed(random_: random.Random, mistake):
    request = made(random_)
    MISTAKES[mistake](random_, request)
    return request


def test_right_requests_are_answered_alike(stubs, request):
    count, seed = request.config.getoption("comparisons"), request.config.getoption("seed")
    compare(stubs, "right", (made(random_) for random_ in seeded(seed, "grpc", count)))


@pytest.mark.parametrize("mistake", sorted(MISTAKES))
def test_mistakes_are_answered_alike(stubs, request, mistake):
    count, seed = request.config.getoption("comparisons"), request.config.getoption("seed")
    randoms = seeded(seed, mistake, max(1, count // len(MISTAKES)))
    compare(stubs, mistake, (changed(random_, mistake) for random_ in randoms))
