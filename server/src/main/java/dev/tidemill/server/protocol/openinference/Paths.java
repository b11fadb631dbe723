package dev.tidemill.server.protocol.openinference;

import dev.tidemill.server.repository.ModelLease;
import dev.tidemill.server.repository.ModelRepository;
import io.helidon.webserver.http.ServerRequest;

/// What the protocol's paths name.
final class Paths {
    private Paths() {}

    /// The version that `{version}` names, or the one that clients get who name none.
    static ModelLease acquire(ModelRepository models, ServerRequest request) {
        String name = request.path().pathParameters().get("model");
        return request.path()
                .pathParameters()
                .first("version")
                .map(version -> models.acquire(name, version))
                .orElseGet(() -> models.acquire(name));
    }
}
