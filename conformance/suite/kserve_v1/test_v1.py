"""KServe's V1 protocol: the paths of TensorFlow Serving with other answers."""

import pytest
from support.wire import Wire


@pytest.fixture(scope="session")
def v1(request):
    return Wire(request.config.getoption("kserve_v1"))


def predict(v1, model, body):
    return v1.post(f"/v1/models/{model}:predict", body)


def test_the_models_are_listed(v1):
    said = v1.get("/v1/models").json()
    assert {"simple", "half_plus_two"} <= set(said["models"])


def test_a_model_says_name_and_ready(v1):
    answer = v1.get("/v1/models/half_plus_two")
    assert answer.status == 200
    assert answer.json() == {"name": "half_plus_two", "ready": True}


def test_an_unknown_model_is_not_found(v1):
    assert v1.get("/v1/models/nobody").status == 404
    assert predict(v1, "nobody", {"instances": [1.0]}).status == 404


def test_predictions(v1):
    answer = predict(v1, "half_plus_two", {"instances": [2.0, 3.0, 4.0]})
    assert answer.status == 200, str(answer)
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.json() == {"predictions": [3.0, 3.5, 4.0]}


def test_rows_of_several_inputs(v1):
    row = {"INPUT0": list(range(16)), "INPUT1": [1] * 16}
    said = predict(v1, "simple", {"instances": [row]}).json()
    assert said["predictions"][0]["OUTPUT0"] == [each + 1 for each in range(16)]


@pytest.mark.parametrize("body", [b"nonsense", {"instances": ["text"]}, {"instances": []}, {}])
def test_a_bad_request(v1, body):
    answer = predict(v1, "half_plus_two", body)
    assert answer.status == 400, str(answer)
    assert answer.json()["error"]
