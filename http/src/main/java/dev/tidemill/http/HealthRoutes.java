package dev.tidemill.http;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.util.Optional;

/// `/health/live`, `/health/ready`, `/health/started` and the Spring Boot actuator's paths for the
/// same. 200 with `{"status":"UP"}`, or 503 with `{"status":"DOWN","reason":"..."}`; the latter of
/// `/health/started` not at once: who asks every second hears of the start when it is, not half a
/// second later on average.
public final class HealthRoutes implements RouteSet {
    private static final Health UP = new Health("UP", "");

    /// Less than a probe waits for an answer, of Kubernetes a second unless it is told otherwise.
    private static final Duration PATIENCE = Duration.ofMillis(800);

    private final Readiness readiness;
    private final Duration patience;

    public HealthRoutes(Readiness readiness) {
        this(readiness, PATIENCE);
    }

    /// @param patience how long who asks for a start is kept while there is none
    HealthRoutes(Readiness readiness, Duration patience) {
        this.readiness = requireNonNull(readiness, "readiness");
        this.patience = requireNonNull(patience, "patience");
    }

    @Override
    public void register(Routes routes) {
        routes.get("/health/ready", (_, response) -> answer(response, readiness.whyNot()))
                .get("/health/live", (_, response) -> Bodies.send(response, UP))
                .get("/health/started", (_, response) -> answer(response, notStarted()))
                .get("/actuator/health", (_, response) -> answer(response, readiness.whyNot()))
                .get("/actuator/health/liveness", (_, response) -> Bodies.send(response, UP))
                .get(
                        "/actuator/health/readiness",
                        (_, response) -> answer(response, readiness.whyNot()));
    }

    private Optional<String> notStarted() {
        try {
            readiness.awaitStarted(patience);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return readiness.state() == Readiness.State.STARTING
                ? Optional.of("starting")
                : Optional.empty();
    }

    private static void answer(ServerResponse response, Optional<String> whyNot) {
        if (whyNot.isEmpty()) {
            Bodies.send(response, UP);
        } else {
            Bodies.send(response, 503, new Health("DOWN", whyNot.get()));
        }
    }

    /// The body of a health answer.
    record Health(String status, @JsonInclude(JsonInclude.Include.NON_EMPTY) String reason) {}
}
