import grpc
import pytest
from tensorflow.serving import model_service_pb2_grpc, prediction_service_pb2_grpc

UNLIMITED = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]


@pytest.fixture(scope="session")
def channel(request):
    with grpc.insecure_channel(request.config.getoption("tfs_grpc"), UNLIMITED) as made:
        yield made


@pytest.fixture(scope="session")
def prediction(channel):
    return prediction_service_pb2_grpc.PredictionServiceStub(channel)


@pytest.fixture(scope="session")
def models(channel):
    return model_service_pb2_grpc.ModelServiceStub(channel)


@pytest.fixture
def refused():
    def check(call, request, *codes):
        with pytest.raises(grpc.RpcError) as caught:
            call(request)
        assert caught.value.code().name in codes, f"{caught.value.code()} {caught.value.details()}"
        assert caught.value.details()

    return check
