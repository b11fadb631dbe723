"""ModelService: GetModelStatus and HandleReloadConfigRequest."""

import pytest
from tensorflow.serving import get_model_status_pb2, model_management_pb2

AVAILABLE = get_model_status_pb2.ModelVersionStatus.State.Value("AVAILABLE")


def status(models, name, version=None):
    request = get_model_status_pb2.GetModelStatusRequest()
    request.model_spec.name = name
    if version is not None:
        request.model_spec.version.value = version
    return list(models.GetModelStatus(request).model_version_status)


def test_every_version_has_a_status(models):
    said = status(models, "versioned")
    assert sorted(each.version for each in said) == [1, 3]
    assert all(each.state == AVAILABLE and each.status.error_code == 0 for each in said)


def test_a_version_can_be_asked_for(models):
    (said,) = status(models, "versioned", 1)
    assert said.version == 1


@pytest.mark.parametrize(("name", "version"), [("nobody", None), ("versioned", 2)])
def test_what_is_not_there_is_not_found(models, refused, name, version):
    request = get_model_status_pb2.GetModelStatusRequest()
    request.model_spec.name = name
    if version is not None:
        request.model_spec.version.value = version
    refused(models.GetModelStatus, request, "NOT_FOUND")


def test_a_request_without_a_model(models, refused):
    refused(models.GetModelStatus, get_model_status_pb2.GetModelStatusRequest(), "INVALID_ARGUMENT", "NOT_FOUND")


def test_a_configuration_that_cannot_be_is_refused_and_nothing_changes(models):
    import grpc

    request = model_management_pb2.ReloadConfigRequest()
    entry = request.config.model_config_list.config.add(name="from_nowhere")
    entry.base_path = "/there/is/no/such/folder"
    entry.model_platform = "tensorflow"
    entry.model_version_policy.specific.versions.append(-1)
    try:
        said = models.HandleReloadConfigRequest(request).status.error_code
    except grpc.RpcError as error:
        said = error.code().value[0]
    assert said != 0
    assert status(models, "half_plus_two")[0].state == AVAILABLE


def test_an_empty_reload_is_refused(models):
    import grpc

    try:
        said = models.HandleReloadConfigRequest(model_management_pb2.ReloadConfigRequest()).status.error_code
    except grpc.RpcError as error:
        said = error.code().value[0]
    assert said != 0
    assert status(models, "half_plus_two")[0].state == AVAILABLE
