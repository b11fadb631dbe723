"""Health, metadata, configuration, statistics, repository, reflection."""

import time

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase
from tritonclient.grpc import service_pb2 as pb


def test_the_server_is_live_and_ready(stub):
    assert stub.ServerLive(pb.ServerLiveRequest()).live
    assert stub.ServerReady(pb.ServerReadyRequest()).ready


@pytest.mark.parametrize(("name", "version", "ready"), [("simple", "", True), ("simple", "1", True)])
def test_a_model_is_ready(stub, name, version, ready):
    assert stub.ModelReady(pb.ModelReadyRequest(name=name, version=version)).ready is ready


@pytest.mark.parametrize(("name", "version"), [("nobody", ""), ("versioned", "2"), ("broken", "")])
def test_what_is_not_there_is_not_ready_which_is_no_error(stub, name, version):
    assert stub.ModelReady(pb.ModelReadyRequest(name=name, version=version)).ready is False


def test_the_server_says_name_version_and_extensions(stub):
    said = stub.ServerMetadata(pb.ServerMetadataRequest())
    assert said.name and said.version
    assert "model_repository" in said.extensions


def test_a_model_says_what_it_takes_and_gives(stub):
    said = stub.ModelMetadata(pb.ModelMetadataRequest(name="simple"))
    assert said.name == "simple"
    assert list(said.versions) == ["1"]
    assert [(each.name, each.datatype, list(each.shape)) for each in said.inputs] == [
        ("INPUT0", "INT32", [-1, 16]),
        ("INPUT1", "INT32", [-1, 16]),
    ]
    assert [each.name for each in said.outputs] == ["OUTPUT0", "OUTPUT1"]


def test_versions_of_a_model(stub):
    assert sorted(stub.ModelMetadata(pb.ModelMetadataRequest(name="versioned")).versions) == ["1", "3"]


def test_the_configuration_is_the_message_of_triton(stub):
    config = stub.ModelConfig(pb.ModelConfigRequest(name="simple")).config
    assert config.name == "simple"
    assert config.max_batch_size == 8
    assert list(config.input[0].dims) == [16]
    assert config.input[0].data_type == 8


def test_statistics_count_rows(stub):
    (said,) = stub.ModelStatistics(pb.ModelStatisticsRequest(name="simple")).model_stats
    assert said.name == "simple"
    assert said.version == "1"
    assert said.inference_count >= said.execution_count >= 0


def test_statistics_of_all_models(stub):
    said = stub.ModelStatistics(pb.ModelStatisticsRequest()).model_stats
    assert {"simple", "versioned"} <= {each.name for each in said}


UNKNOWN = [
    ("ModelMetadata", pb.ModelMetadataRequest(name="nobody"), "grpc-unknown-model"),
    ("ModelConfig", pb.ModelConfigRequest(name="nobody"), "grpc-unknown-model"),
    ("ModelStatistics", pb.ModelStatisticsRequest(name="nobody"), "grpc-unknown-model"),
    ("ModelMetadata", pb.ModelMetadataRequest(name="versioned", version="2"), "grpc-unknown-version"),
    ("ModelMetadata", pb.ModelMetadataRequest(name="simple", version="abc"), "grpc-odd-version"),
]


@pytest.mark.parametrize(("method", "request_", "key"), UNKNOWN, ids=[f"{m}-{r.name}" for m, r, _ in UNKNOWN])
def test_what_is_not_there_is_not_found(stub, policy, method, request_, key):
    with pytest.raises(grpc.RpcError) as caught:
        getattr(stub, method)(request_)
    policy.check_code(caught.value, key)


def test_the_index_lists_models_with_their_states(stub):
    said = {(each.name, each.version): each for each in stub.RepositoryIndex(pb.RepositoryIndexRequest()).models}
    assert said["simple", "1"].state == "READY"
    assert said["versioned", "3"].state == "READY"
    (broken,) = [each for (name, _), each in said.items() if name == "broken"]
    assert broken.state == "UNAVAILABLE"
    assert broken.reason


def test_the_index_may_be_asked_for_ready_models_only(stub):
    names = {each.name for each in stub.RepositoryIndex(pb.RepositoryIndexRequest(ready=True)).models}
    assert "simple" in names
    assert "broken" not in names


def test_a_model_is_unloaded_and_loaded(stub):
    try:
        stub.RepositoryModelUnload(pb.RepositoryModelUnloadRequest(model_name="reloadable"))
        end = time.monotonic() + 20
        while stub.ModelReady(pb.ModelReadyRequest(name="reloadable")).ready:
            assert time.monotonic() < end
            time.sleep(0.05)
    finally:
        stub.RepositoryModelLoad(pb.RepositoryModelLoadRequest(model_name="reloadable"))
    assert stub.ModelReady(pb.ModelReadyRequest(name="reloadable")).ready


def test_loading_what_is_not_there(stub, policy):
    with pytest.raises(grpc.RpcError) as caught:
        stub.RepositoryModelLoad(pb.RepositoryModelLoadRequest(model_name="nobody"))
    policy.check_code(caught.value, "grpc-load-unknown")


def test_unloading_what_is_not_there(stub, policy):
    try:
        stub.RepositoryModelUnload(pb.RepositoryModelUnloadRequest(model_name="nobody"))
    except grpc.RpcError as error:
        policy.check_code(error, "grpc-unload-unknown")
    else:
        assert "OK" in policy.code("grpc-unload-unknown")


def test_grpcs_own_health_service_says_serving(channel):
    health = health_pb2_grpc.HealthStub(channel)
    assert health.Check(health_pb2.HealthCheckRequest()).status == health_pb2.HealthCheckResponse.SERVING


def test_grpcs_own_health_service_does_not_know_every_service(channel):
    with pytest.raises(grpc.RpcError) as caught:
        health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(service="nobody"))
    assert caught.value.code() == grpc.StatusCode.NOT_FOUND


def test_reflection_lists_the_services(channel):
    services = set(ProtoReflectionDescriptorDatabase(channel).get_services())
    assert {"inference.GRPCInferenceService", "grpc.health.v1.Health"} <= services


def test_reflection_describes_the_service(channel):
    file = ProtoReflectionDescriptorDatabase(channel).FindFileContainingSymbol("inference.GRPCInferenceService")
    (service,) = file.service
    assert "ModelInfer" in {each.name for each in service.method}


def test_a_method_that_is_not_there(channel, policy):
    call = channel.unary_unary("/inference.GRPCInferenceService/Nonsense")
    with pytest.raises(grpc.RpcError) as caught:
        call(b"")
    policy.check_code(caught.value, "grpc-unknown-method")


def test_a_message_that_is_none(channel):
    with pytest.raises(grpc.RpcError) as caught:
        channel.unary_unary("/inference.GRPCInferenceService/ModelInfer")(b"\xff\xff\xff")
    assert caught.value.code() in (grpc.StatusCode.INTERNAL, grpc.StatusCode.INVALID_ARGUMENT)
