import pytest
from support.wire import Wire


class Rest(Wire):
    def predict(self, model, body, headers=None):
        return self.post(f"/v1/models/{model}:predict", body, headers)


@pytest.fixture(scope="session")
def tfs(request):
    return Rest(request.config.getoption("tfs_http"))


@pytest.fixture(scope="session")
def refused(policy):
    """An error has its status, and a body that says why."""

    def check(answer, status=400):
        assert answer.status == status, str(answer)
        policy.check_error(answer)

    return check
