"""GET of a model: where its versions are, and what it takes and gives."""

import pytest

AVAILABLE = {"state": "AVAILABLE", "status": {"error_code": "OK", "error_message": ""}}


def test_the_status_is_exactly_this(tfs):
    answer = tfs.get("/v1/models/half_plus_two")
    assert answer.status == 200, str(answer)
    assert answer.json() == {"model_version_status": [{"version": "1"} | AVAILABLE]}


def test_every_version_has_a_status(tfs):
    said = tfs.get("/v1/models/versioned").json()["model_version_status"]
    assert sorted(each["version"] for each in said) == ["1", "3"]
    assert all(each["state"] == "AVAILABLE" for each in said)


def test_the_newest_version_comes_first(tfs):
    said = tfs.get("/v1/models/versioned").json()["model_version_status"]
    assert [each["version"] for each in said] == ["3", "1"]


def test_a_version_has_a_status_of_its_own(tfs):
    said = tfs.get("/v1/models/versioned/versions/1").json()
    assert said == {"model_version_status": [{"version": "1"} | AVAILABLE]}


@pytest.mark.parametrize("path", ["nobody", "half_plus_two/versions/99", "nobody/metadata"])
def test_what_is_not_there_is_not_found(tfs, refused, path):
    refused(tfs.get(f"/v1/models/{path}"), 404)


def test_metadata_has_the_signature_with_dims_as_text(tfs):
    said = tfs.get("/v1/models/half_plus_two/metadata").json()
    assert set(said) == {"model_spec", "metadata"}
    assert said["model_spec"]["name"] == "half_plus_two"
    assert said["model_spec"]["version"] == "1"
    signature = said["metadata"]["signature_def"]["signature_def"]["serving_default"]
    assert signature["method_name"] == "tensorflow/serving/predict"
    info = signature["inputs"]["x"]
    assert info["dtype"] == "DT_FLOAT"
    assert info["tensor_shape"]["unknown_rank"] is False
    assert [each["size"] for each in info["tensor_shape"]["dim"]] == ["-1"]
    assert "y" in signature["outputs"]


def test_metadata_of_a_version(tfs):
    said = tfs.get("/v1/models/versioned/versions/1/metadata").json()
    assert said["model_spec"]["version"] == "1"


@pytest.mark.parametrize(
    ("model", "dtype"),
    [("identity_int64", "DT_INT64"), ("identity_bool", "DT_BOOL"), ("simple_identity", "DT_STRING"), ("identity_fp16", "DT_HALF")],
)
def test_datatypes_have_the_names_of_tensorflow(tfs, model, dtype):
    said = tfs.get(f"/v1/models/{model}/metadata").json()
    signature = said["metadata"]["signature_def"]["signature_def"]["serving_default"]
    assert signature["inputs"]["INPUT0"]["dtype"] == dtype


@pytest.mark.parametrize("path", ["/v1/models/half_plus_two/nonsense", "/v1/models/half_plus_two:predict", "/v1/models/"])
def test_a_path_that_is_none_is_a_malformed_request(tfs, refused, path):
    answer = tfs.get(path)
    refused(answer)
    assert "Malformed request: GET" in answer.json()["error"]
