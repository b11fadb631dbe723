"""Classification, statistics and configuration."""

import pytest
from support.tensors import json_input, parse, simple_request

CLASSIFY = "/v2/models/classifier/infer"
SCORES = [[0.1, 0.7, 0.05, 0.1, 0.05], [5.0, 1.0, 2.0, 3.0, 4.0]]


def classify(rest, classes, rows=SCORES, **more):
    output = {"name": "OUTPUT0", "parameters": {"classification": classes} | more}
    body = {"inputs": [json_input("INPUT0", "FP32", [len(rows), 5], rows)], "outputs": [output]}
    return rest.post(CLASSIFY, body)


def parts(element):
    score, index, *label = element.decode().split(":")
    return float(score), int(index), *label


def test_the_best_classes_come_with_score_index_and_label(rest):
    _, outputs = parse(classify(rest, 2))
    output = outputs["OUTPUT0"]
    assert output.datatype == "BYTES"
    assert output.shape == [2, 2]
    came = [parts(each) for each in output.values]
    assert came[0] == (pytest.approx(0.7), 1, "banana")
    assert came[2:] == [(5.0, 0, "apple"), (4.0, 4, "elderberry")]


def test_more_classes_than_there_are_means_all(rest):
    _, outputs = parse(classify(rest, 99))
    assert outputs["OUTPUT0"].shape == [2, 5]


def test_classes_may_be_binary(rest):
    _, outputs = parse(classify(rest, 1, binary_data=True))
    assert outputs["OUTPUT0"].binary
    assert [parts(each)[2] for each in outputs["OUTPUT0"].values] == ["banana", "apple"]


def test_a_model_without_labels_gives_score_and_index(rest):
    body = simple_request(outputs=[{"name": "OUTPUT0", "parameters": {"classification": 2}}])
    _, outputs = parse(rest.post("/v2/models/simple/infer", body))
    assert [parts(each) for each in outputs["OUTPUT0"].values] == [(16.0, 15), (15.0, 14)]


@pytest.mark.parametrize("classes", [-1, "two", 1.5])
def test_a_number_of_classes_that_is_none(rest, policy, classes):
    policy.check(classify(rest, classes), "classification-odd")


def test_zero_classes_are_no_classification(rest, policy):
    answer = classify(rest, 0)
    policy.check(answer, "classification-zero")
    if answer.status == 200:
        assert parse(answer)[1]["OUTPUT0"].datatype == "FP32"


def statistics(rest, path="/v2/models/simple/stats"):
    answer = rest.get(path)
    assert answer.status == 200, str(answer)
    return answer.json()["model_stats"]


def test_statistics_count_rows_and_executions(rest):
    (before,) = statistics(rest)
    parse(rest.post("/v2/models/simple/infer", simple_request(3)))
    (after,) = statistics(rest)
    assert after["name"] == "simple"
    assert after["version"] == "1"
    assert after["inference_count"] - before["inference_count"] == 3
    assert after["execution_count"] - before["execution_count"] == 1
    for phase in ("success", "queue", "compute_input", "compute_infer", "compute_output"):
        grown = after["inference_stats"][phase]["count"] - before["inference_stats"][phase]["count"]
        assert grown == 1, phase
        assert after["inference_stats"][phase]["ns"] >= before["inference_stats"][phase]["ns"], phase
    assert after["last_inference"] >= before["last_inference"]


def test_statistics_have_every_phase_and_the_cache(rest):
    (said,) = statistics(rest)
    assert set(said["inference_stats"]) >= {
        "success",
        "fail",
        "queue",
        "compute_input",
        "compute_infer",
        "compute_output",
        "cache_hit",
        "cache_miss",
    }


def test_statistics_say_which_batch_sizes_ran(rest):
    parse(rest.post("/v2/models/simple/infer", simple_request(5)))
    (said,) = statistics(rest)
    sizes = {each["batch_size"]: each for each in said["batch_stats"]}
    assert sizes[5]["compute_infer"]["count"] >= 1


def test_statistics_of_all_models(rest):
    names = {each["name"] for each in statistics(rest, "/v2/models/stats")}
    assert {"simple", "versioned", "identity_fp32"} <= names


def test_statistics_of_one_version(rest):
    (said,) = statistics(rest, "/v2/models/versioned/versions/1/stats")
    assert said["version"] == "1"
    assert len(statistics(rest, "/v2/models/versioned/stats")) == 2


def test_a_request_of_wrong_shape_is_no_inference(rest):
    (before,) = statistics(rest)
    body = simple_request()
    body["inputs"][0]["shape"] = [1, 15]
    assert rest.post("/v2/models/simple/infer", body).status >= 400
    (after,) = statistics(rest)
    assert after["inference_count"] == before["inference_count"]


def test_the_configuration_speaks_tritons_vocabulary(rest):
    said = rest.get("/v2/models/simple/config").json()
    assert said["name"] == "simple"
    assert said["max_batch_size"] == 8
    assert [each["name"] for each in said["input"]] == ["INPUT0", "INPUT1"]
    assert said["input"][0]["data_type"] == "TYPE_INT32"
    assert said["input"][0]["dims"] == [16]
    assert said["output"][1]["name"] == "OUTPUT1"


def test_the_configuration_of_a_version(rest):
    assert rest.get("/v2/models/versioned/versions/1/config").json()["name"] == "versioned"


def test_the_configuration_of_an_ensemble_shows_its_steps(rest):
    steps = rest.get("/v2/models/ensemble/config").json()["ensemble_scheduling"]["step"]
    assert [each["model_name"] for each in steps] == ["simple", "simple"]
    assert steps[0]["input_map"] == {"INPUT0": "INPUT0", "INPUT1": "INPUT1"}


def test_dynamic_batching_without_settings_prefers_the_largest_batch(rest):
    said = rest.get("/v2/models/identity_fp32/config").json()["dynamic_batching"]
    assert said.get("preferred_batch_size") == [8]
    assert said.get("max_queue_delay_microseconds", 0) == 0
