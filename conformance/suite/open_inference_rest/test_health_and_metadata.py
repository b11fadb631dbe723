"""Health, readiness and what the server says of itself and its models."""

import pytest
from support.tensors import EXTREMES, model_of


@pytest.mark.parametrize("path", ["/v2/health/live", "/v2/health/ready"])
def test_a_healthy_server_answers_200(rest, path):
    assert rest.get(path).status == 200


@pytest.mark.parametrize(("path", "key"), [("live", "live"), ("ready", "ready")])
def test_health_has_a_json_body_that_kserves_client_reads(rest, path, key):
    answer = rest.get(f"/v2/health/{path}")
    assert answer.json() == {key: True}
    assert answer.headers["content-type"].startswith("application/json")


def test_a_loaded_model_is_ready(rest):
    assert rest.get("/v2/models/simple/ready").status == 200


def test_a_ready_model_says_so_in_json(rest):
    said = rest.get("/v2/models/simple/ready").json()
    assert said["ready"] is True
    assert said.get("name", "simple") == "simple"


def test_readiness_of_an_unknown_model(rest, policy):
    policy.check(rest.get("/v2/models/nobody/ready"), "unknown-model-ready")


def test_a_broken_model_is_not_ready_and_the_server_is(rest):
    assert rest.get("/v2/models/broken/ready").status >= 400
    assert rest.get("/v2/health/ready").status == 200


def test_the_server_says_name_version_and_extensions(rest):
    answer = rest.get("/v2")
    assert answer.status == 200
    said = answer.json()
    assert set(said) == {"name", "version", "extensions"}
    assert said["name"] and isinstance(said["version"], str)
    assert "binary_tensor_data" in said["extensions"]


@pytest.mark.parametrize("extension", ["classification", "model_repository", "model_configuration", "statistics"])
def test_the_server_lists_the_extensions_it_has(rest, extension):
    assert extension in rest.get("/v2").json()["extensions"]


def test_a_slash_after_v2_changes_nothing(rest, policy):
    answer = rest.get("/v2/")
    assert answer.status in policy.status("server-metadata-with-slash"), str(answer)


def test_a_model_says_name_versions_platform_inputs_and_outputs(rest):
    said = rest.get("/v2/models/simple").json()
    assert said["name"] == "simple"
    assert said["versions"] == ["1"]
    assert isinstance(said["platform"], str) and said["platform"]
    tensor = {"datatype": "INT32", "shape": [-1, 16]}
    assert by_name(said["inputs"]) == {"INPUT0": tensor, "INPUT1": tensor}
    assert by_name(said["outputs"]) == {"OUTPUT0": tensor, "OUTPUT1": tensor}


@pytest.mark.parametrize("datatype", sorted(EXTREMES))
def test_metadata_names_the_datatype(rest, datatype):
    (tensor,) = rest.get(f"/v2/models/{model_of(datatype)}").json()["inputs"]
    assert tensor == {"name": "INPUT0", "datatype": datatype, "shape": [-1, -1]}


def test_a_model_without_batching_shows_its_dims_as_they_are(rest):
    (tensor,) = rest.get("/v2/models/plain_int32").json()["inputs"]
    assert tensor["shape"] == [-1]


def test_an_ensemble_has_metadata_like_a_model(rest):
    said = rest.get("/v2/models/ensemble").json()
    assert sorted(each["name"] for each in said["inputs"]) == ["INPUT0", "INPUT1"]
    assert rest.get("/v2/models/ensemble/ready").status == 200


@pytest.mark.parametrize("path", ["", "/config", "/stats"])
def test_an_unknown_model(rest, policy, path):
    policy.check(rest.get(f"/v2/models/nobody{path}"), "unknown-model")


def test_metadata_lists_every_version_as_text(rest):
    assert sorted(rest.get("/v2/models/versioned").json()["versions"]) == ["1", "3"]


@pytest.mark.parametrize("version", ["1", "3"])
def test_a_version_has_metadata_and_readiness(rest, version):
    assert rest.get(f"/v2/models/versioned/versions/{version}").json()["name"] == "versioned"
    assert rest.get(f"/v2/models/versioned/versions/{version}/ready").status == 200


def test_the_only_version_can_be_named(rest):
    assert rest.get("/v2/models/simple/versions/1/ready").status == 200


def test_metadata_of_an_unknown_version(rest, policy):
    policy.check(rest.get("/v2/models/versioned/versions/2"), "unknown-version")


def test_readiness_of_an_unknown_version(rest, policy):
    policy.check(rest.get("/v2/models/versioned/versions/2/ready"), "unknown-version-ready")


@pytest.mark.parametrize("version", ["abc", "v1", "-1", "1.0", "99999999999999999999"])
def test_a_version_that_cannot_be(rest, policy, version):
    policy.check(rest.get(f"/v2/models/simple/versions/{version}"), "odd-version")


@pytest.mark.parametrize("path", ["/v2/nonsense", "/v2/models/simple/nonsense", "/v2/health/nonsense", "/v3"])
def test_an_unknown_path(rest, policy, path):
    policy.check(rest.get(path), "unknown-path")


@pytest.mark.parametrize("path", ["/v2/models/..%2F..%2Fetc", "/v2/models/%2e%2e/ready", "/v2/models/simple%00"])
def test_a_path_that_wants_out_of_the_repository_finds_nothing(rest, path):
    assert 400 <= rest.get(path).status < 500


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/v2/models/simple/infer", "POST"),
        ("PUT", "/v2/models/simple/infer", "POST"),
        ("POST", "/v2/health/live", "GET"),
        ("POST", "/v2/health/ready", "GET"),
        ("POST", "/v2/models/simple/ready", "GET"),
        ("POST", "/v2/models/simple", "GET"),
        ("DELETE", "/v2", "GET"),
        ("GET", "/v2/repository/index", "POST"),
        ("GET", "/v2/repository/models/simple/load", "POST"),
    ],
)
def test_a_method_that_an_endpoint_has_not(rest, policy, method, path, allowed):
    answer = rest.request(method, path)
    policy.check(answer, "wrong-method")
    if policy.answers["wrong-method"]["allow"]:
        assert allowed in answer.headers.get("allow", "").replace(" ", "").split(","), str(answer)


def by_name(tensors):
    return {each["name"]: {key: value for key, value in each.items() if key != "name"} for each in tensors}
