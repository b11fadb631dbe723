package dev.tidemill.server.protocol.tfserving;

import dev.tidemill.http.Bodies;
import dev.tidemill.http.RouteSet;
import dev.tidemill.http.Routes;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.server.engine.InferenceCall;
import dev.tidemill.server.engine.ServedModel;
import dev.tidemill.server.engine.Weighing;
import dev.tidemill.server.protocol.Inference;
import dev.tidemill.server.protocol.Reply;
import dev.tidemill.server.protocol.tfserving.TensorCursor.NotFinite;
import dev.tidemill.server.repository.ModelLease;
import dev.tidemill.server.repository.ModelRepository;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.util.List;

/// `/v1/models/...`. Verbs may be in any case, and a path that is none of the protocol's is a 400,
/// both as in TensorFlow Serving.
public final class TfServingRoutes implements RouteSet {
    /// As long as the original waits unless it is told otherwise.
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final ModelRepository models;
    private final Inference inference;

    public TfServingRoutes(ModelRepository models, Inference inference) {
        this.models = models;
        this.inference = inference;
    }

    @Override
    public void register(Routes routes) {
        routes.any("/v1/models", this::answer).any("/v1/models/*", this::answer);
        // The original's routes do not look at capitals.
        routes.any("/V1/models/*", this::answer)
                .any("/v1/MODELS/*", this::answer)
                .any("/V1/MODELS/*", this::answer);
    }

    private void answer(ServerRequest request, ServerResponse response) {
        RestPath path =
                RestPath.of(
                        request.prologue().method().text(), request.prologue().uriPath().rawPath());
        switch (path.action()) {
            case "" -> status(path.servable(), response);
            case "metadata" -> metadata(path.servable(), response);
            default -> infer(path, request, response);
        }
    }

    private void status(ServableRequest servable, ServerResponse response) {
        List<VersionState> states =
                servable.statuses(models).stream().map(VersionState::of).toList();
        Bodies.sendJson(response, 200, Answers.status(states));
    }

    private void metadata(ServableRequest servable, ServerResponse response) {
        try (ModelLease lease = servable.acquire(models)) {
            Bodies.sendJson(response, 200, Answers.metadata(lease.model()));
        }
    }

    private void infer(RestPath path, ServerRequest request, ServerResponse response) {
        try (ModelLease lease = path.servable().acquire(models)) {
            ServedModel model = lease.model();
            inference.answer(
                    model,
                    request,
                    response,
                    (body, reservation) ->
                            Reply.json(
                                    switch (path.action()) {
                                        case "classify" -> classify(model, body, reservation);
                                        case "regress" -> regress(model, body, reservation);
                                        default -> predict(model, body, reservation);
                                    }));
        }
    }

    private byte[] predict(ServedModel model, byte[] body, Bodies.Budget reservation) {
        PredictRequest request = PredictReader.read(body, model.inputs(), reservation);
        Signatures.requirePredict(model, request.signature());
        return PredictWriter.write(
                request.form(),
                run(model, request.inputs(), List.of(), reservation),
                NotFinite.WORDS);
    }

    private byte[] classify(ServedModel model, byte[] body, Bodies.Budget reservation) {
        ExampleReader.Request request = ExampleReader.read(body, model.inputs(), reservation);
        Classifier classifier = Signatures.classifier(model, request.signature());
        List<Tensor> outputs =
                run(model, request.examples().tensors(), classifier.wanted(), reservation);
        return Answers.classifications(classifier.read(outputs, request.examples().count()));
    }

    private byte[] regress(ServedModel model, byte[] body, Bodies.Budget reservation) {
        ExampleReader.Request request = ExampleReader.read(body, model.inputs(), reservation);
        Regressor regressor = Signatures.regressor(model, request.signature());
        List<Tensor> outputs =
                run(model, request.examples().tensors(), regressor.wanted(), reservation);
        return Answers.regressions(regressor.read(outputs, request.examples().count()));
    }

    private List<Tensor> run(
            ServedModel model,
            List<Tensor> inputs,
            List<String> wanted,
            Bodies.Budget reservation) {
        long deadline = inference.nanos().getAsLong() + TIMEOUT.toNanos();
        return Weighing.infer(
                model,
                new InferenceCall(inputs, wanted, 0, Duration.ZERO, deadline),
                reservation::take);
    }
}
