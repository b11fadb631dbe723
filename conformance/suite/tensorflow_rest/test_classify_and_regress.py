"""POST :classify and :regress: examples in, results out."""

import pytest

SCORES = [0.1, 0.5, 0.2, 0.15, 0.05]
FRUIT = ["apple", "banana", "cherry", "date", "elderberry"]


def with_signature(policy, kind, body):
    """A model of TensorFlow names its signature; one that has none is called without."""
    name = policy.facts.get(f"{kind}-signature")
    return {"signature_name": name} | body if name else body


@pytest.fixture
def classify(tfs, policy):
    return lambda body: tfs.post("/v1/models/classifier:classify", with_signature(policy, "classify", body))


@pytest.fixture
def regress(tfs, policy):
    return lambda body: tfs.post("/v1/models/half_plus_two:regress", with_signature(policy, "regress", body))


def test_each_example_gets_pairs_of_label_and_score(classify):
    answer = classify({"examples": [{"INPUT0": SCORES}, {"INPUT0": SCORES}]})
    assert answer.status == 200, str(answer)
    results = answer.json()["results"]
    assert len(results) == 2
    wanted = {label: pytest.approx(score) for label, score in zip(FRUIT, SCORES, strict=True)}
    assert {label: score for label, score in results[0]} == wanted


def test_each_example_gets_a_number(regress):
    answer = regress({"examples": [{"x": 2.0}, {"x": [3.0]}, {"x": 4}]})
    assert answer.status == 200, str(answer)
    assert answer.json() == {"results": [3.0, 3.5, 4.0]}


def test_the_context_fills_in_what_examples_leave_out(regress):
    answer = regress({"context": {"x": 2.0}, "examples": [{}, {"x": 4.0}]})
    assert answer.json() == {"results": [3.0, 4.0]}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"examples": []},
        {"examples": {}},
        {"examples": [5]},
        {"examples": [{"nobody": 1.0}]},
        {"examples": [{"x": "text"}]},
        {"examples": [{"x": [1.0, "text"]}]},
        {"examples": [{"x": {"y": 1}}]},
        {"examples": [{"x": 1.0}], "context": 5},
    ],
)
def test_bad_examples(regress, refused, body):
    refused(regress(body))


def test_a_model_of_other_kind_does_not_classify(tfs, refused):
    refused(tfs.post("/v1/models/text_and_bytes:classify", {"examples": [{"text": "a"}]}))
    refused(tfs.post("/v1/models/text_and_bytes:regress", {"examples": [{"text": "a"}]}))


def test_an_unknown_model(tfs, refused):
    refused(tfs.post("/v1/models/nobody:classify", {"examples": [{"x": 1.0}]}), 404)
    refused(tfs.post("/v1/models/nobody:regress", {"examples": [{"x": 1.0}]}), 404)
