package dev.tidemill.server.protocol.openinference;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.http.Bodies;
import dev.tidemill.http.RouteSet;
import dev.tidemill.http.Routes;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.server.engine.ServedModel;
import dev.tidemill.server.engine.Weighing;
import dev.tidemill.server.protocol.Inference;
import dev.tidemill.server.protocol.RawBytes;
import dev.tidemill.server.protocol.Reply;
import dev.tidemill.server.repository.ModelLease;
import dev.tidemill.server.repository.ModelRepository;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.ArrayList;
import java.util.List;

/// Triton's generate extension: `generate` gives one answer as JSON, `generate_stream` any number
/// as server-sent events.
record GenerateRoutes(ModelRepository models, Inference inference) implements RouteSet {
    private static final System.Logger LOGGER = System.getLogger(GenerateRoutes.class.getName());

    @Override
    public void register(Routes routes) {
        routes.post("/v2/models/{model}/generate", this::generate)
                .post("/v2/models/{model}/versions/{version}/generate", this::generate)
                .post("/v2/models/{model}/generate_stream", this::stream)
                .post("/v2/models/{model}/versions/{version}/generate_stream", this::stream);
    }

    private void generate(ServerRequest request, ServerResponse response) {
        try (ModelLease lease = Paths.acquire(models, request)) {
            ServedModel model = lease.model();
            inference.answer(
                    model,
                    request,
                    response,
                    (body, reservation) -> {
                        GenerateRequest asked = read(model, body, reservation);
                        return Reply.json(
                                GenerateWriter.write(
                                        model, asked.id(), only(model, asked, reservation)));
                    });
        }
    }

    private static List<Tensor> only(
            ServedModel model, GenerateRequest asked, Bodies.Budget reservation) {
        List<List<Tensor>> answers = new ArrayList<>(1);
        Weighing.stream(
                model,
                asked.call(),
                asked.parameters(),
                outputs -> {
                    if (!answers.isEmpty()) {
                        throw notOne(model, "several answers");
                    }
                    answers.add(outputs);
                },
                reservation::take);
        if (answers.isEmpty()) {
            throw notOne(model, "no answer");
        }
        return answers.getFirst();
    }

    private static TidemillException notOne(ServedModel model, String found) {
        return new TidemillException(
                ErrorCode.INVALID_REQUEST,
                "model %s: '%s' (generate expects model to produce exactly 1 response; use generate_stream)"
                        .formatted(model.name(), found));
    }

    private void stream(ServerRequest request, ServerResponse response) {
        try (ModelLease lease = Paths.acquire(models, request)) {
            ServedModel model = lease.model();
            inference.answer(
                    model,
                    request,
                    response,
                    (body, reservation) -> {
                        GenerateRequest asked = read(model, body, reservation);
                        return stream(model, asked, new ServerSentEvents(response), reservation);
                    });
        }
    }

    /// What is wrong with a request is a plain error, as elsewhere; what a model fails with is an
    /// event, for those who have heard the beginning.
    private static Reply stream(
            ServedModel model,
            GenerateRequest asked,
            ServerSentEvents events,
            Bodies.Budget reservation) {
        try {
            Weighing.stream(
                    model,
                    asked.call(),
                    asked.parameters(),
                    outputs -> events.send(GenerateWriter.write(model, asked.id(), outputs)),
                    reservation::take);
        } catch (TidemillException e) {
            if (!events.hasBegun() && e.code() != ErrorCode.MODEL_FAILED) {
                throw e;
            }
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    "model %s: generate_stream: %s".formatted(model.name(), e.getMessage()),
                    e);
            return events.fail(e);
        }
        return events.end();
    }

    private static GenerateRequest read(ServedModel model, byte[] body, Bodies.Budget reservation) {
        GenerateRequest asked = GenerateReader.read(model.inputs(), body);
        // They grow with what comes, and are a few times the body at most.
        asked.inputs().forEach(input -> reservation.take(RawBytes.size(input)));
        return asked;
    }
}
