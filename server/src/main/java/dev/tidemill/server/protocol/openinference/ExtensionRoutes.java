package dev.tidemill.server.protocol.openinference;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.http.Bodies;
import dev.tidemill.http.RouteSet;
import dev.tidemill.http.Routes;
import dev.tidemill.server.engine.ServedModel;
import dev.tidemill.server.modelconfig.EffectiveConfig;
import dev.tidemill.server.protocol.Inference;
import dev.tidemill.server.repository.ModelLease;
import dev.tidemill.server.repository.ModelRepository;
import dev.tidemill.server.repository.VersionStatus;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Triton's extensions beside inference: statistics, model configuration and the model repository.
/// And one of ours, `GET /v2/models/m/batches`, which says why the last batches were as they were.
///
/// @param millis since 1970
public record ExtensionRoutes(ModelRepository models, Inference inference, LongSupplier millis)
        implements RouteSet {

    @Override
    public void register(Routes routes) {
        routes.get(
                        "/v2/models/stats",
                        (_, response) -> Bodies.send(response, statistics(models.answering())))
                .get("/v2/models/{model}/stats", this::statistics)
                .get("/v2/models/{model}/versions/{version}/stats", this::statistics)
                .get("/v2/models/{model}/config", this::config)
                .get("/v2/models/{model}/versions/{version}/config", this::config)
                .get("/v2/models/{model}/batches", this::batches)
                .post("/v2/repository/index", this::index)
                .post("/v2/repository/models/{model}/load", this::load)
                .post("/v2/repository/models/{model}/unload", this::unload);
    }

    private void statistics(ServerRequest request, ServerResponse response) {
        try (ModelLease lease = Paths.acquire(models, request)) {
            ServedModel one = lease.model();
            boolean all = request.path().pathParameters().first("version").isEmpty();
            Bodies.send(response, statistics(all ? versionsOf(one.name()) : List.of(one)));
        }
    }

    private List<ServedModel> versionsOf(String name) {
        return models.answering().stream().filter(model -> model.name().equals(name)).toList();
    }

    private Map<String, Object> statistics(List<ServedModel> of) {
        long now = inference.nanos().getAsLong();
        return Map.of(
                "model_stats",
                of.stream()
                        .map(model ->
                                Statistics.of(
                                        model, model.meters().statistics(now, millis.getAsLong())))
                        .toList());
    }

    private void config(ServerRequest request, ServerResponse response) {
        try (ModelLease lease = Paths.acquire(models, request)) {
            Bodies.send(response, EffectiveConfig.json(lease.model().config()));
        }
    }

    private void batches(ServerRequest request, ServerResponse response) {
        try (ModelLease lease = Paths.acquire(models, request)) {
            Bodies.send(response, Batches.of(lease.model(), inference.nanos().getAsLong()));
        }
    }

    private void index(ServerRequest request, ServerResponse response) {
        inference.upload(
                request,
                response,
                (body, _) -> {
                    boolean readyOnly = body.length > 0 && RepositoryRequest.isReadyOnly(body);
                    Bodies.send(
                            response,
                            models.index().stream()
                                    .filter(status -> !readyOnly || status.isReady())
                                    .map(ExtensionRoutes::entry)
                                    .toList());
                });
    }

    private void load(ServerRequest request, ServerResponse response) {
        inference.upload(
                request,
                response,
                (body, reservation) -> {
                    RepositoryRequest.Load asked = RepositoryRequest.load(body, reservation);
                    requireKnown(name(request), asked.config());
                    models.load(name(request), asked.config(), asked.files());
                    response.send();
                });
    }

    private void unload(ServerRequest request, ServerResponse response) {
        inference.upload(
                request,
                response,
                (body, _) -> {
                    models.unload(name(request), RepositoryRequest.isWithDependents(body));
                    response.send();
                });
    }

    private static void requireKnown(String name, Optional<String> config) {
        if (name.isBlank()) {
            throw new TidemillException(
                    ErrorCode.MODEL_NOT_FOUND,
                    "model: '%s' (expected: a name%s)"
                            .formatted(name, config.isPresent() ? " for the files" : ""));
        }
    }

    private static Map<String, String> entry(VersionStatus status) {
        Map<String, String> entry = new LinkedHashMap<>();
        entry.put("name", status.model());
        if (!status.version().isEmpty()) {
            entry.put("version", status.version());
        }
        entry.put("state", status.state().name());
        if (!status.reason().isEmpty()) {
            entry.put("reason", status.reason());
        }
        return entry;
    }

    private static String name(ServerRequest request) {
        return request.path().pathParameters().get("model");
    }
}
