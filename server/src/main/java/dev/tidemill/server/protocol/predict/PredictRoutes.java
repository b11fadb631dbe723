package dev.tidemill.server.protocol.predict;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.http.Bodies;
import dev.tidemill.http.Json;
import dev.tidemill.http.Readiness;
import dev.tidemill.http.RouteSet;
import dev.tidemill.http.Routes;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TextFeatures;
import dev.tidemill.server.engine.InferenceCall;
import dev.tidemill.server.engine.ServedModel;
import dev.tidemill.server.engine.Weighing;
import dev.tidemill.server.protocol.Inference;
import dev.tidemill.server.protocol.Reply;
import dev.tidemill.server.repository.ModelLease;
import dev.tidemill.server.repository.ModelRepository;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// `POST /predict`, `GET /health` and `GET /ready`, for the one model that turns text into labels,
/// or the one that the header `tidemill-model` names.
public final class PredictRoutes implements RouteSet {
    private static final HeaderName MODEL = HeaderNames.create("tidemill-model");

    private final ModelRepository models;
    private final Inference inference;
    private final Readiness readiness;

    public PredictRoutes(ModelRepository models, Inference inference, Readiness readiness) {
        this.models = models;
        this.inference = inference;
        this.readiness = readiness;
    }

    @Override
    public void register(Routes routes) {
        routes.post("/predict", this::predict)
                .post("/api/v1/predict", this::predict)
                .get("/health", (_, response) -> health(response, "healthy", "unhealthy"))
                .get("/ready", (_, response) -> health(response, "ready", "not ready"));
    }

    private void predict(ServerRequest request, ServerResponse response) {
        long begin = inference.nanos().getAsLong();
        try (ModelLease lease = choose(request.headers().first(MODEL))) {
            ServedModel model = lease.model();
            inference.answer(
                    model,
                    request,
                    response,
                    (body, reservation) -> Reply.json(answer(model, body, reservation, begin)));
        }
    }

    private byte[] answer(ServedModel model, byte[] body, Bodies.Budget reservation, long begin) {
        PredictRequest asked = Json.read(body, PredictRequest.class);
        List<Tensor> inputs = List.of(text(asked.cutText()));
        String label =
                label(
                        Weighing.infer(
                                model,
                                InferenceCall.of(inputs, List.of("label")),
                                reservation::take));
        double millis = Math.round((inference.nanos().getAsLong() - begin) / 1e4) / 100.0;
        return Json.bytes(new Prediction(label, millis, model.version()));
    }

    private void health(ServerResponse response, String good, String bad) {
        Optional<String> whyNot = readiness.whyNot();
        String version = models.ready().stream().findFirst().map(ServedModel::version).orElse("");
        Bodies.send(
                response,
                whyNot.isEmpty() ? 200 : 503,
                new Health(
                        whyNot.isEmpty() ? good : bad,
                        textModels().stream().findFirst().map(ServedModel::version).orElse(version),
                        whyNot.orElse("")));
    }

    private ModelLease choose(Optional<String> named) {
        if (named.isPresent()) {
            ModelLease lease = models.acquire(named.get());
            if (!isTextModel(lease.model())) {
                lease.close();
                throw new TidemillException(
                        ErrorCode.INVALID_REQUEST,
                        "%s: '%s' (expected: a model that turns text into labels)"
                                .formatted(MODEL.defaultCase(), named.get()));
            }
            return lease;
        }
        List<ServedModel> candidates = textModels();
        if (candidates.size() == 1) {
            return models.acquire(candidates.getFirst().name());
        }
        if (candidates.isEmpty()) {
            throw new TidemillException(
                    ErrorCode.MODEL_NOT_FOUND,
                    "model: 'none' (expected: a ready model that turns text into labels)");
        }
        throw new TidemillException(
                ErrorCode.INVALID_REQUEST,
                "%s: 'missing' (expected: one of %s)"
                        .formatted(
                                MODEL.defaultCase(),
                                candidates.stream().map(ServedModel::name).toList()));
    }

    private List<ServedModel> textModels() {
        return models.ready().stream().filter(PredictRoutes::isTextModel).toList();
    }

    private static boolean isTextModel(ServedModel model) {
        return model.takesText() && model.givesLabels();
    }

    private static Tensor text(String text) {
        return new Tensor.Text(
                TextFeatures.INPUT, new long[] {1}, List.of(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String label(List<Tensor> outputs) {
        byte[] label = ((Tensor.Text) outputs.getFirst()).values().getFirst();
        return new String(label, StandardCharsets.UTF_8);
    }

    /// Answer of `GET /health` and `GET /ready`.
    ///
    /// @param modelVersion of the text model, of the first model where there is none
    record Health(
            String status,
            @JsonProperty("model_version") String modelVersion,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) String reason) {}
}
