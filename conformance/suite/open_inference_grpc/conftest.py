import grpc
import pytest
from tritonclient.grpc import service_pb2_grpc

UNLIMITED = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]


@pytest.fixture(scope="session")
def channel(grpc_address):
    with grpc.insecure_channel(grpc_address, UNLIMITED) as made:
        yield made


@pytest.fixture(scope="session")
def stub(channel):
    return service_pb2_grpc.GRPCInferenceServiceStub(channel)
