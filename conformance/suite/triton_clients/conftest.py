import pytest
import tritonclient.grpc
import tritonclient.http


@pytest.fixture
def http_client(http_address):
    with tritonclient.http.InferenceServerClient(http_address, concurrency=8) as client:
        yield client


@pytest.fixture
def grpc_client(grpc_address):
    with tritonclient.grpc.InferenceServerClient(grpc_address) as client:
        yield client


@pytest.fixture(params=["http", "grpc"])
def both(request):
    """The two clients have the same methods: (client, the module its tensors are of)."""
    module = {"http": tritonclient.http, "grpc": tritonclient.grpc}[request.param]
    return request.getfixturevalue(f"{request.param}_client"), module
