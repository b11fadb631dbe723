"""The extension for the model repository: index, load, unload."""

import json
import time

import pytest
from support.tensors import json_input, parse

MODEL = "/v2/repository/models/reloadable"
BODY = {"inputs": [json_input("INPUT0", "INT32", [1, 2], [1, 2])]}


@pytest.fixture
def loaded(rest):
    """Whatever a test does to the model: afterwards it is there again."""
    yield
    # A load alone may keep a configuration that came with an earlier one.
    assert rest.post(f"{MODEL}/unload").status == 200
    await_ready(rest, False)
    assert rest.post(f"{MODEL}/load").status == 200
    await_ready(rest, True)


def await_ready(rest, wanted):
    end = time.monotonic() + 20
    while (rest.get("/v2/models/reloadable/ready").status == 200) != wanted:
        assert time.monotonic() < end, f"the model did not become {'ready' if wanted else 'unready'}"
        time.sleep(0.05)


def index(rest, body=None):
    answer = rest.post("/v2/repository/index", body)
    assert answer.status == 200, str(answer)
    return answer.json()


def test_the_index_lists_every_model_with_version_and_state(rest):
    said = {(each["name"], each.get("version")): each for each in index(rest)}
    assert said["simple", "1"]["state"] == "READY"
    assert said["versioned", "1"]["state"] == "READY"
    assert said["versioned", "3"]["state"] == "READY"
    assert said["ensemble", "1"]["state"] == "READY"


def test_the_index_says_why_a_model_is_not_there(rest):
    (broken,) = [each for each in index(rest) if each["name"] == "broken"]
    assert broken["state"] == "UNAVAILABLE"
    assert broken["reason"]


def test_the_index_may_be_asked_for_ready_models_only(rest):
    names = {each["name"] for each in index(rest, {"ready": True})}
    assert "simple" in names
    assert "broken" not in names


def test_the_index_takes_an_empty_object(rest):
    assert {each["name"] for each in index(rest, {})} >= {"simple", "broken"}


def test_a_model_is_unloaded_and_loaded(rest, policy, loaded):
    answer = rest.post(f"{MODEL}/unload")
    assert answer.status == 200, str(answer)
    assert answer.body in (b"", b"{}"), str(answer)
    await_ready(rest, False)
    assert rest.get("/v2/models/reloadable/ready").status in policy.status("ready-unloaded")
    policy.check(rest.post("/v2/models/reloadable/infer", BODY), "infer-unloaded")
    (entry,) = [each for each in index(rest) if each["name"] == "reloadable"]
    assert entry["state"] in ("UNAVAILABLE", "UNLOADING")

    answer = rest.post(f"{MODEL}/load")
    assert answer.status == 200, str(answer)
    assert answer.body in (b"", b"{}"), str(answer)
    assert rest.get("/v2/models/reloadable/ready").status == 200, "load returns when the model is ready"
    parse(rest.post("/v2/models/reloadable/infer", BODY))


def test_loading_what_is_loaded_reloads_it(rest, loaded):
    assert rest.post(f"{MODEL}/load").status == 200
    parse(rest.post("/v2/models/reloadable/infer", BODY))


def test_a_model_may_be_loaded_with_another_configuration(rest, loaded):
    config = rest.get("/v2/models/reloadable/config").json()
    config["max_batch_size"] = 2
    answer = rest.post(f"{MODEL}/load", {"parameters": {"config": json.dumps(config)}})
    assert answer.status == 200, str(answer)
    assert rest.get("/v2/models/reloadable/config").json()["max_batch_size"] == 2
    three = {"inputs": [json_input("INPUT0", "INT32", [3, 1], [1, 2, 3])]}
    assert rest.post("/v2/models/reloadable/infer", three).status == 400


def test_unload_forgets_a_configuration_that_came_with_load(rest, loaded):
    config = rest.get("/v2/models/reloadable/config").json() | {"max_batch_size": 2}
    assert rest.post(f"{MODEL}/load", {"parameters": {"config": json.dumps(config)}}).status == 200
    assert rest.post(f"{MODEL}/unload").status == 200
    await_ready(rest, False)
    assert rest.post(f"{MODEL}/load").status == 200
    assert rest.get("/v2/models/reloadable/config").json()["max_batch_size"] == 8


def test_unload_takes_its_parameter(rest, loaded):
    answer = rest.post(f"{MODEL}/unload", {"parameters": {"unload_dependents": True}})
    assert answer.status == 200, str(answer)
    await_ready(rest, False)


def test_loading_what_is_not_there(rest, policy):
    policy.check(rest.post("/v2/repository/models/nobody/load"), "load-unknown")


@pytest.mark.parametrize("name", ["..%2F..%2Fetc", "%2e%2e", "simple%2F1", "%00"])
def test_loading_what_cannot_be_there(rest, policy, name):
    policy.check(rest.post(f"/v2/repository/models/{name}/load"), "load-odd-name")


def test_unloading_what_is_not_there(rest, policy):
    policy.check(rest.post("/v2/repository/models/nobody/unload"), "unload-unknown")


@pytest.mark.parametrize("config", ["{", "5", '{"max_batch_size": "many"}'])
def test_a_bad_configuration_leaves_the_model_as_it_was(rest, policy, loaded, config):
    policy.check(rest.post(f"{MODEL}/load", {"parameters": {"config": config}}), "load-bad-config")
    assert rest.get("/v2/models/reloadable/ready").status == 200
    parse(rest.post("/v2/models/reloadable/infer", BODY))


def test_loading_a_broken_model_hurts_nobody(rest):
    assert rest.post("/v2/repository/models/broken/load").status >= 400
    assert rest.get("/v2/health/ready").status == 200
    assert rest.get("/v2/models/simple/ready").status == 200


def test_files_without_a_configuration_are_refused(rest, loaded):
    answer = rest.post(f"{MODEL}/load", {"parameters": {"file:1/model.onnx": "AAAA"}})
    assert 400 <= answer.status < 500, str(answer)
