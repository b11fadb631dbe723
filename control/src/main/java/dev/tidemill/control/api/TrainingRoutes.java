package dev.tidemill.control.api;

import dev.tidemill.client.control.TrainingRequest;
import dev.tidemill.client.control.TrainingRun;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.control.registry.RunLog;
import dev.tidemill.control.training.TrainingQueue;
import dev.tidemill.http.Bodies;
import dev.tidemill.http.RouteSet;
import dev.tidemill.http.Routes;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// `/api/v1/trainings` and `/api/v1/runs`.
public final class TrainingRoutes implements RouteSet {
    private static final long MOST_BYTES = 2 << 20;

    private final TrainingQueue trainings;
    private final RunLog runs;

    public TrainingRoutes(TrainingQueue trainings, RunLog runs) {
        this.trainings = trainings;
        this.runs = runs;
    }

    @Override
    public void register(Routes routes) {
        routes.post("/api/v1/trainings", this::train)
                .get("/api/v1/runs", (_, response) -> Bodies.send(response, new Runs(runs.all())))
                .get("/api/v1/runs/{id}", this::run)
                .get("/api/v1/runs/{id}/report", this::report);
    }

    /// Answer of `GET /api/v1/runs`, the newest first.
    record Runs(List<TrainingRun> runs) {}

    private void train(ServerRequest request, ServerResponse response) {
        TrainingRun run = trainings.submit(Bodies.read(request, MOST_BYTES, TrainingRequest.class));
        Bodies.send(response, run.reused() ? 200 : 202, run);
    }

    private void run(ServerRequest request, ServerResponse response) {
        String id = request.path().pathParameters().get("id");
        Bodies.send(response, runs.find(id).orElseThrow(() -> missing(id)));
    }

    private void report(ServerRequest request, ServerResponse response) {
        String id = request.path().pathParameters().get("id");
        String report = runs.report(id).orElseThrow(() -> missing(id));
        Bodies.sendJson(response, 200, report.getBytes(StandardCharsets.UTF_8));
    }

    private static TidemillException missing(String id) {
        return new TidemillException(
                ErrorCode.NOT_FOUND, "run: '%s' (expected: an id of a training run)".formatted(id));
    }
}
