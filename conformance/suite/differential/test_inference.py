"""The same request to the server and to the oracle: both take it or both refuse it, and what they answer is equal.

Differences that are meant to be are listed in STRICTER, each with its reason; nothing else may differ.
"""

import json

import numpy as np
import pytest
from support.random_requests import MISTAKES, right, seeded, two_inputs, without_elements, wrong
from support.tensors import parse
from support.wire import Answer, Wire

# Kind of mistake -> why the server may refuse what the oracle takes.
STRICTER = {
    "out_of_range": "numbers are never cut to the low bits of their datatype",
    "repeat_output": "an output asked for twice is a mistake, which later versions of the oracle agree with",
    "change_count": "an element for a shape that has none is one too many",
    "flip_a_character": "a flipped character can make either of the above, or a key the oracle passes over",
}

# What the oracle would say to a request that it does not survive.
REFUSED = Answer(400, {}, b'{"error": "too large"}')


@pytest.fixture(scope="module")
def oracle(request):
    return Wire(request.config.getoption("oracle_http"))


@pytest.fixture(scope="module")
def seed(request):
    return request.config.getoption("seed")


@pytest.fixture(scope="module")
def each(request):
    """How many requests a kind of mistake gets."""
    return max(1, request.config.getoption("comparisons") // len(MISTAKES))


def send(wire, made):
    body, headers = made.encode()
    return wire.post(f"/v2/models/{made.model}{made.path}/infer", body, headers)


def difference(kind, ours, theirs, forgiving):
    """What is wrong with our answer in the light of theirs, or None."""
    if ours.status >= 500 and not forgiving:
        return "a client's mistake is no failure of the server"
    if ours.status >= 400:
        said = ours.json()
        if set(said) != {"error"} or not isinstance(said["error"], str):
            return "an error is {'error': text}"
        if theirs.status == 200 and kind not in STRICTER:
            return "refused what the oracle takes"
        return None
    if theirs.status >= 400:
        return None if half_as_json(theirs) else "took what the oracle refuses"
    return unequal(ours, theirs)


def half_as_json(theirs):
    """Outputs that have no JSON form come as bytes instead of an error."""
    return b"data via JSON is not supported. Please use the binary data format for output" in theirs.body


def unequal(ours, theirs):
    our_header, our_outputs = parse(ours)
    their_header, their_outputs = parse(theirs)
    for header in (our_header, their_header):
        # An empty id is as good as none.
        if header.get("id") == "":
            del header["id"]
        # Triton's ensembles report the sequence parameters of every step, though no step is of a sequence.
        if all(key.startswith("sequence_") for key in header.get("parameters", {"": 0})):
            del header["parameters"]
    if set(our_header) != set(their_header):
        return f"keys {sorted(our_header)}, not {sorted(their_header)}"
    for key in set(our_header) - {"outputs"}:
        if our_header[key] != their_header[key]:
            return f"{key} is {our_header[key]!r}, not {their_header[key]!r}"
    if set(our_outputs) != set(their_outputs):
        return f"outputs {sorted(our_outputs)}, not {sorted(their_outputs)}"
    for name, their in their_outputs.items():
        our = our_outputs[name]
        for what in ("datatype", "shape", "binary"):
            if getattr(our, what) != getattr(their, what):
                return f"{what} of {name} is {getattr(our, what)}, not {getattr(their, what)}"
        if not same(our, their):
            return f"values of {name} are {our.values}, not {their.values}"
    return None


def same(our, their):
    if our.datatype == "BYTES":
        return list(our.values) == list(their.values)
    if our.datatype == "FP64":
        # The oracle reads JSON numbers to all but the last bit; that ours are exact is tested elsewhere.
        return np.allclose(our.values, their.values, rtol=1e-15, atol=0, equal_nan=True)
    return np.array_equal(our.values, their.values, equal_nan=our.datatype.startswith("FP"))


@pytest.fixture(scope="module")
def compare(rest, oracle, policy):
    # A server that answers mistakes of its clients with 500 is told so by other tests.
    forgiving = policy.facts.get("mistakes-may-be-500", False)
    return lambda kind, requests: compare_all(rest, oracle, kind, requests, forgiving)


def compare_all(rest, oracle, kind, requests, forgiving):
    wrong_ones = []
    for made in requests:
        if made.alone and forgiving:
            continue
        ours = send(rest, made)
        theirs = REFUSED if made.alone else send(oracle, made)
        found = difference(kind, ours, theirs, forgiving)
        if found:
            body, headers = made.encode()
            wrong_ones.append(
                f"{found}\n  POST /v2/models/{made.model}{made.path}/infer {json.dumps(headers)}\n  {body[:600]!r}\n"
                f"  server: {ours}\n  oracle: {theirs}"
            )
    assert not wrong_ones, f"{len(wrong_ones)} differ:\n" + "\n".join(wrong_ones[:5])


def test_right_requests_are_answered_alike(compare, seed, request):
    count = request.config.getoption("comparisons")
    compare("right", (right(random_) for random_ in seeded(seed, "right", count)))


def test_requests_to_an_ensemble_are_answered_alike(compare, seed, each):
    compare("right", (two_inputs(random_, "ensemble") for random_ in seeded(seed, "ensemble", each)))


def test_tensors_without_elements_are_answered_alike(compare, seed, each):
    compare("right", (without_elements(random_) for random_ in seeded(seed, "empty", each)))


@pytest.mark.parametrize("mistake", sorted(MISTAKES))
def test_mistakes_are_answered_alike(compare, seed, each, mistake):
    compare(mistake, (wrong(random_, mistake) for random_ in seeded(seed, mistake, each)))


@pytest.mark.parametrize(
    "path",
    [
        "/v2/models/simple",
        "/v2/models/versioned",
        "/v2/models/classifier/versions/1",
        "/v2/models/ensemble",
        "/v2/models/simple_identity",
        "/v2/models/matrix_fp32",
    ],
)
def test_metadata_is_alike_but_for_the_platform(rest, oracle, path):
    ours, theirs = rest.get(path).json(), oracle.get(path).json()
    ours.pop("platform"), theirs.pop("platform")
    ours["versions"].sort(), theirs["versions"].sort()
    assert ours == theirs


@pytest.mark.parametrize("path", ["/v2/models/simple/config", "/v2/models/identity_fp32/config"])
def test_the_configuration_agrees_where_it_says_the_same_thing(rest, oracle, path):
    ours, theirs = rest.get(path).json(), oracle.get(path).json()
    for key in ("name", "max_batch_size"):
        assert ours[key] == theirs[key]
    for key in ("input", "output"):
        for our, their in zip(ours[key], theirs[key], strict=True):
            assert {name: our[name] for name in ("name", "data_type", "dims")} == {
                name: their[name] for name in ("name", "data_type", "dims")
            }


def test_statistics_have_the_same_keys(rest, oracle):
    (ours,), (theirs,) = (each.get("/v2/models/simple/stats").json()["model_stats"] for each in (rest, oracle))
    missing = {"name", "version", "last_inference", "inference_count", "execution_count", "inference_stats"} - set(ours)
    assert not missing
    assert set(theirs["inference_stats"]) <= set(ours["inference_stats"])


def test_the_index_lists_the_same_models_in_the_same_states(rest, oracle):
    def states(wire):
        listed = wire.post("/v2/repository/index").json()
        return {(each["name"], each.get("version"), each["state"]) for each in listed}

    ours, theirs = states(rest), states(oracle)
    # A model that never loaded may be listed with or without its version.
    assert {each for each in ours if each[0] != "broken"} == {each for each in theirs if each[0] != "broken"}
    assert {each[2] for each in ours if each[0] == "broken"} == {"UNAVAILABLE"}
