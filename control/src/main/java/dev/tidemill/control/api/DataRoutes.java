package dev.tidemill.control.api;

import dev.tidemill.common.Digest;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.control.training.DataSets;
import dev.tidemill.http.Bodies;
import dev.tidemill.http.RouteSet;
import dev.tidemill.http.Routes;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;

/// `/api/v1/data/DIGEST`: data sets of callers that do not share a disk with control.
///
/// @param mostBytes of one
public record DataRoutes(DataSets dataSets, long mostBytes) implements RouteSet {
    @Override
    public void register(Routes routes) {
        routes.get("/api/v1/data/{digest}", this::find).put("/api/v1/data/{digest}", this::put);
    }

    private void find(ServerRequest request, ServerResponse response) {
        Digest digest = digest(request);
        Bodies.send(
                response,
                dataSets.find(digest)
                        .orElseThrow(() ->
                                new TidemillException(
                                        ErrorCode.NOT_FOUND,
                                        "data: '%s' (expected: one that was sent before)"
                                                .formatted(digest))));
    }

    private void put(ServerRequest request, ServerResponse response) throws IOException {
        Digest digest = digest(request);
        Bodies.send(
                response, dataSets.put(digest, file -> Upload.receive(request, file, mostBytes)));
    }

    private static Digest digest(ServerRequest request) {
        return DataSets.digest(request.path().pathParameters().get("digest"));
    }
}
