"""HandleReloadConfigRequest: the new configuration replaces the old one; versions, policies, labels."""

import time
from pathlib import Path

import grpc
import pytest
from tensorflow import tensor_pb2
from tensorflow.serving import (
    get_model_status_pb2,
    model_management_pb2,
    model_service_pb2_grpc,
    predict_pb2,
    prediction_service_pb2_grpc,
)

AVAILABLE = get_model_status_pb2.ModelVersionStatus.State.Value("AVAILABLE")


@pytest.fixture(scope="module")
def channel(request):
    with grpc.insecure_channel(request.config.getoption("tfs_grpc")) as made:
        yield made


@pytest.fixture(scope="module")
def models(channel):
    return model_service_pb2_grpc.ModelServiceStub(channel)


@pytest.fixture(scope="module")
def folder(request):
    return Path(request.config.getoption("repository"))


@pytest.fixture(autouse=True)
def everything_is_back_afterwards(models, folder):
    yield
    request = model_management_pb2.ReloadConfigRequest()
    for each in sorted(folder.iterdir()):
        if each.is_dir() and each.name != "broken":
            entry(request, folder, each.name).model_version_policy.all.SetInParent()
    reload(models, request)


def entry(request, folder, name):
    return request.config.model_config_list.config.add(
        name=name, base_path=str(folder / name), model_platform="tensorflow"
    )


def reload(models, request):
    """The error code: in the answer, or of the call."""
    try:
        return models.HandleReloadConfigRequest(request, timeout=60).status.error_code
    except grpc.RpcError as error:
        return error.code().value[0]


def available(models, name):
    request = get_model_status_pb2.GetModelStatusRequest()
    request.model_spec.name = name
    try:
        said = models.GetModelStatus(request).model_version_status
    except grpc.RpcError as error:
        assert error.code() == grpc.StatusCode.NOT_FOUND
        return []
    return sorted(each.version for each in said if each.state == AVAILABLE)


def await_available(models, name, versions):
    end = time.monotonic() + 20
    while available(models, name) != versions:
        assert time.monotonic() < end, f"{name}: {available(models, name)}, not {versions}"
        time.sleep(0.05)


def test_what_the_new_configuration_leaves_out_is_unloaded(models, folder):
    request = model_management_pb2.ReloadConfigRequest()
    entry(request, folder, "half_plus_two")
    assert reload(models, request) == 0
    await_available(models, "half_plus_two", [1])
    await_available(models, "versioned", [])


@pytest.mark.parametrize(
    ("policy_", "versions"),
    [
        (lambda policy: policy.latest.SetInParent(), [3]),
        (lambda policy: setattr(policy.latest, "num_versions", 2), [1, 3]),
        (lambda policy: policy.all.SetInParent(), [1, 3]),
        (lambda policy: policy.specific.versions.append(1), [1]),
    ],
    ids=["latest", "latest 2", "all", "specific"],
)
def test_a_policy_picks_versions(models, folder, policy_, versions):
    request = model_management_pb2.ReloadConfigRequest()
    policy_(entry(request, folder, "versioned").model_version_policy)
    assert reload(models, request) == 0
    await_available(models, "versioned", versions)


def test_labels_name_versions(models, folder, channel):
    request = model_management_pb2.ReloadConfigRequest()
    made = entry(request, folder, "versioned")
    made.model_version_policy.all.SetInParent()
    assert reload(models, request) == 0
    await_available(models, "versioned", [1, 3])
    made.version_labels["stable"] = 1
    made.version_labels["canary"] = 3
    assert reload(models, request) == 0
    prediction = prediction_service_pb2_grpc.PredictionServiceStub(channel)
    for label, version in (("stable", 1), ("canary", 3)):
        call = predict_pb2.PredictRequest()
        call.model_spec.name = "versioned"
        call.model_spec.version_label = label
        tensor = tensor_pb2.TensorProto(dtype=tensor_pb2.DT_FLOAT, float_val=[0])
        tensor.tensor_shape.dim.add(size=1)
        call.inputs["x"].CopyFrom(tensor)
        assert prediction.Predict(call).model_spec.version.value == version


def test_a_label_cannot_move_to_a_version_that_is_not_there(models, folder):
    request = model_management_pb2.ReloadConfigRequest()
    made = entry(request, folder, "versioned")
    made.model_version_policy.all.SetInParent()
    made.version_labels["stable"] = 1
    reload(models, request)
    await_available(models, "versioned", [1, 3])
    reload(models, request)
    made.version_labels["stable"] = 99
    assert reload(models, request) != 0
    assert available(models, "versioned") == [1, 3]


def test_the_same_model_twice_is_refused(models, folder):
    request = model_management_pb2.ReloadConfigRequest()
    entry(request, folder, "versioned")
    entry(request, folder, "versioned")
    assert reload(models, request) != 0


def test_a_folder_that_is_not_there_is_an_error(models, folder):
    request = model_management_pb2.ReloadConfigRequest()
    entry(request, folder, "nobody_put_this_here")
    assert reload(models, request) != 0
