package dev.tidemill.gateway;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tidemill.gateway.forward.InferenceHandler;
import dev.tidemill.gateway.table.LiveTable;
import dev.tidemill.gateway.table.ReplicaTable;
import dev.tidemill.http.Bodies;
import dev.tidemill.http.HealthRoutes;
import dev.tidemill.http.Readiness;
import dev.tidemill.http.RouteSet;
import dev.tidemill.http.Routes;
import dev.tidemill.routing.RouteMatch;
import io.helidon.http.Method;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import java.util.Optional;

/// The main listener: what the gateway answers itself, and everything else to the replicas.
final class OwnRoutes implements RouteSet {
    private final String name;
    private final String version;
    private final LiveTable live;
    private final Readiness readiness;
    private final InferenceHandler inference;

    OwnRoutes(
            String name,
            String version,
            LiveTable live,
            Readiness readiness,
            InferenceHandler inference) {
        this.name = name;
        this.version = version;
        this.live = live;
        this.readiness = readiness;
        this.inference = inference;
    }

    @Override
    public void register(Routes routes) {
        routes.get("/v2", (_, response) -> Bodies.send(response, server()))
                .get("/v2/", (_, response) -> Bodies.send(response, server()))
                .get("/v2/models", (_, response) -> Bodies.send(response, models()))
                .get("/v2/health/live", (_, response) -> Bodies.send(response, new Live(true)))
                .get("/v2/health/ready", (_, response) -> ready(response))
                .get("/health", (_, response) -> health(response))
                .add(new HealthRoutes(readiness))
                .any("/*", this::other);
    }

    private void other(ServerRequest request, ServerResponse response) throws InterruptedException {
        String path = request.prologue().uriPath().rawPath();
        if (path.equals("/")
                && request.prologue().method().equals(Method.GET)
                && live.current().routes().match(path) instanceof RouteMatch.NoRoute) {
            Bodies.send(response, overview());
        } else {
            inference.handle(request, response);
        }
    }

    private Server server() {
        return new Server(name, version, List.of());
    }

    private Models models() {
        return new Models(
                live.current().models().stream()
                        .map(m -> new Model(m.name(), m.replicas().size()))
                        .toList());
    }

    private Overview overview() {
        ReplicaTable table = live.current();
        return new Overview(
                name,
                version,
                readiness.isReady(),
                table.models().stream()
                        .map(m -> new Path("/v2/models/" + m.name() + "/infer", m.name()))
                        .toList(),
                table.paths().stream().map(p -> new Path(p.path(), p.model())).toList(),
                List.of("/v2/models", "/v2/health/ready", "/v2/health/live"));
    }

    private void ready(ServerResponse response) {
        Optional<String> whyNot = readiness.whyNot();
        Bodies.send(
                response,
                whyNot.isEmpty() ? 200 : 503,
                new Ready(whyNot.isEmpty(), whyNot.orElse("")));
    }

    private void health(ServerResponse response) {
        Optional<String> whyNot = readiness.whyNot();
        Bodies.send(
                response,
                whyNot.isEmpty() ? 200 : 503,
                new Health(whyNot.isEmpty() ? "healthy" : "unhealthy", whyNot.orElse("")));
    }

    record Live(boolean live) {}

    record Ready(boolean ready, @JsonInclude(JsonInclude.Include.NON_EMPTY) String reason) {}

    record Health(String status, @JsonInclude(JsonInclude.Include.NON_EMPTY) String reason) {}

    /// The Open Inference Protocol's server metadata.
    record Server(String name, String version, List<String> extensions) {}

    record Models(List<Model> models) {}

    record Model(String name, int replicas) {}

    /// What a newcomer wants to know first.
    record Overview(
            String name,
            String version,
            boolean ready,
            List<Path> inference,
            List<Path> routes,
            List<String> more) {}

    record Path(String path, String model) {}
}
