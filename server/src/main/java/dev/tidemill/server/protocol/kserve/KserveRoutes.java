package dev.tidemill.server.protocol.kserve;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.http.Bodies;
import dev.tidemill.http.RouteSet;
import dev.tidemill.http.Routes;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.server.engine.InferenceCall;
import dev.tidemill.server.engine.ServedModel;
import dev.tidemill.server.engine.Weighing;
import dev.tidemill.server.protocol.Inference;
import dev.tidemill.server.protocol.Reply;
import dev.tidemill.server.protocol.tfserving.LenientRows;
import dev.tidemill.server.repository.ModelLease;
import dev.tidemill.server.repository.ModelRepository;
import dev.tidemill.server.repository.VersionStatus;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;

/// `GET /v1/models`, `GET /v1/models/{m}`, `POST /v1/models/{m}:predict`; nobody explains here, so
/// `:explain` is a 501.
public final class KserveRoutes implements RouteSet {
    private static final String PREDICT = ":predict";
    private static final String EXPLAIN = ":explain";

    private final ModelRepository models;
    private final Inference inference;

    public KserveRoutes(ModelRepository models, Inference inference) {
        this.models = models;
        this.inference = inference;
    }

    @Override
    public void register(Routes routes) {
        routes.get("/v1/models", (_, response) -> Bodies.send(response, new Models(names())))
                .get("/v1/models/{model}", this::ready)
                .post("/v1/models/{model}", this::act);
    }

    private void ready(ServerRequest request, ServerResponse response) {
        String name = request.path().pathParameters().get("model");
        requireReady(name);
        Bodies.send(response, new Ready(name, true));
    }

    private void act(ServerRequest request, ServerResponse response) {
        String path = request.path().pathParameters().get("model");
        if (path.endsWith(PREDICT)) {
            predict(path.substring(0, path.length() - PREDICT.length()), request, response);
        } else if (path.endsWith(EXPLAIN)) {
            String name = path.substring(0, path.length() - EXPLAIN.length());
            requireReady(name);
            Bodies.send(
                    response,
                    501,
                    new Failure("model %s: 'explain' (expected: predict)".formatted(name)));
        } else {
            response.header(HeaderNames.ALLOW, "GET");
            throw new TidemillException(
                    ErrorCode.METHOD_NOT_ALLOWED,
                    "method: 'POST' (expected: GET, or a path that ends in %s)".formatted(PREDICT));
        }
    }

    private void predict(String name, ServerRequest request, ServerResponse response) {
        requireReady(name);
        try (ModelLease lease = models.acquire(name)) {
            ServedModel model = lease.model();
            inference.answer(
                    model,
                    request,
                    response,
                    (body, reservation) -> Reply.json(answer(model, body, reservation)));
        }
    }

    private static byte[] answer(ServedModel model, byte[] body, Bodies.Budget reservation) {
        List<Tensor> inputs = LenientRows.read(body, model.inputs(), reservation);
        return LenientRows.write(
                Weighing.infer(model, InferenceCall.of(inputs, List.of()), reservation::take));
    }

    private void requireReady(String name) {
        List<VersionStatus> versions;
        try {
            versions = models.versions(name);
        } catch (TidemillException e) {
            throw e.code() == ErrorCode.MODEL_NOT_FOUND
                    ? new TidemillException(
                            ErrorCode.MODEL_NOT_FOUND,
                            "Model with name %s does not exist.".formatted(name),
                            e)
                    : e;
        }
        if (versions.stream().noneMatch(VersionStatus::isReady)) {
            String reason = versions.isEmpty() ? "" : versions.getFirst().reason();
            throw new TidemillException(
                    ErrorCode.UNAVAILABLE,
                    "Model with name %s is not ready. %s".formatted(name, reason).strip());
        }
    }

    private List<String> names() {
        return models.index().stream().map(VersionStatus::model).distinct().toList();
    }

    /// Answer of `GET /v1/models`.
    record Models(List<String> models) {}

    /// Answer of `GET /v1/models/{m}`.
    record Ready(String name, boolean ready) {}

    /// As the other protocols' errors are written.
    record Failure(String error) {}
}
