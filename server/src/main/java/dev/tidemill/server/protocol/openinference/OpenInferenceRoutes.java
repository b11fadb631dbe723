package dev.tidemill.server.protocol.openinference;

import dev.tidemill.http.Bodies;
import dev.tidemill.http.Readiness;
import dev.tidemill.http.RouteSet;
import dev.tidemill.http.Routes;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.server.engine.InferenceCall;
import dev.tidemill.server.engine.ServedModel;
import dev.tidemill.server.engine.Weighing;
import dev.tidemill.server.protocol.Inference;
import dev.tidemill.server.repository.ModelLease;
import dev.tidemill.server.repository.ModelRepository;
import dev.tidemill.server.repository.VersionStatus;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The protocol's paths, with and without version.
public final class OpenInferenceRoutes implements RouteSet {
    public static final List<String> EXTENSIONS =
            List.of(
                    "binary_tensor_data",
                    "classification",
                    "model_configuration",
                    "model_repository",
                    "model_repository(unload_dependents)",
                    "parameters",
                    "schedule_policy",
                    "statistics");

    private final ModelRepository models;
    private final Inference inference;
    private final Readiness readiness;
    private final ExtensionRoutes extensions;

    public OpenInferenceRoutes(
            ModelRepository models,
            Inference inference,
            Readiness readiness,
            ExtensionRoutes extensions) {
        this.extensions = extensions;
        this.models = models;
        this.inference = inference;
        this.readiness = readiness;
    }

    /// Reads and writes what a run's request and answer would have been, to warm both up.
    public static void exercise(ServedModel model, List<Tensor> inputs, List<Tensor> outputs) {
        InferRequest request = InferRequestReader.read(InferResponseWriter.request(inputs));
        InferResponseWriter.write(model, request, outputs);
    }

    @Override
    public void register(Routes routes) {
        routes.post("/v2/models/{model}/infer", this::infer)
                .post("/v2/models/{model}/versions/{version}/infer", this::infer)
                .add(new GenerateRoutes(models, inference))
                .add(extensions)
                .get(
                        "/v2/health/live",
                        (_, response) -> Bodies.send(response, new Metadata.Live(true)))
                .get("/v2/health/ready", (_, response) -> ready(response))
                .get("/v2/models/{model}/ready", this::modelReady)
                .get("/v2/models/{model}/versions/{version}/ready", this::modelReady)
                .get("/v2/models/{model}", this::model)
                .get("/v2/models/{model}/versions/{version}", this::model)
                .get("/v2", (_, response) -> Bodies.send(response, server()))
                .get("/v2/", (_, response) -> Bodies.send(response, server()));
    }

    private void infer(ServerRequest request, ServerResponse response) {
        try (ModelLease lease = Paths.acquire(models, request)) {
            ServedModel model = lease.model();
            Optional<String> jsonLength = request.headers().first(InferResponseWriter.JSON_LENGTH);
            inference.answer(
                    model,
                    request,
                    response,
                    (body, reservation) -> {
                        InferRequest infer = read(model, body, jsonLength, reservation);
                        List<Tensor> outputs =
                                Weighing.infer(
                                        model,
                                        new InferenceCall(
                                                infer.inputs(),
                                                infer.wanted(),
                                                infer.priority(),
                                                infer.timeout(),
                                                InferenceCall.NO_DEADLINE),
                                        reservation::take);
                        return InferResponseWriter.write(model, infer, outputs);
                    });
        }
    }

    private static InferRequest read(
            ServedModel model,
            byte[] body,
            Optional<String> jsonLength,
            Bodies.Budget reservation) {
        if (jsonLength.isEmpty()) {
            return InferRequestReader.read(body, body.length, reservation);
        }
        int length;
        try {
            length = Integer.parseInt(jsonLength.get());
        } catch (NumberFormatException e) {
            length = -1;
        }
        if (length < 0 || length > body.length) {
            throw InferRequestReader.invalid(
                    InferResponseWriter.JSON_LENGTH.defaultCase(),
                    jsonLength.get(),
                    "inference header size should be in range (0, %d)".formatted(body.length));
        }
        return length == 0
                ? RawRequest.of(model, body)
                : InferRequestReader.read(body, length, reservation);
    }

    private void ready(ServerResponse response) {
        Optional<String> whyNot = readiness.whyNot();
        Bodies.send(
                response,
                whyNot.isEmpty() ? 200 : 503,
                new Metadata.Ready(whyNot.isEmpty(), whyNot.orElse("")));
    }

    private void modelReady(ServerRequest request, ServerResponse response) {
        String name = request.path().pathParameters().get("model");
        VersionStatus status = status(request, name);
        String error =
                status.isReady()
                        ? ""
                        : status.reason().isEmpty()
                                ? status.state().name().toLowerCase(Locale.ROOT)
                                : status.reason();
        Bodies.send(
                response,
                error.isEmpty() ? 200 : 503,
                new Metadata.ModelReady(name, error.isEmpty(), error));
    }

    private void model(ServerRequest request, ServerResponse response) {
        try (ModelLease lease = Paths.acquire(models, request)) {
            Bodies.send(response, Metadata.Model.of(lease.model(), ready(lease.model().name())));
        }
    }

    /// Versions that answer, newest first.
    private List<String> ready(String name) {
        return models.versions(name).stream()
                .filter(VersionStatus::isReady)
                .map(VersionStatus::version)
                .toList();
    }

    private VersionStatus status(ServerRequest request, String name) {
        return request.path()
                .pathParameters()
                .first("version")
                .map(version -> models.version(name, version))
                .orElseGet(() -> models.usual(name));
    }

    private static Metadata.Server server() {
        String version = OpenInferenceRoutes.class.getPackage().getImplementationVersion();
        return new Metadata.Server("tidemill", version == null ? "dev" : version, EXTENSIONS);
    }
}
