package dev.tidemill.gateway;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tidemill.gateway.access.Caller;
import dev.tidemill.gateway.forward.InferenceHandler;
import dev.tidemill.gateway.openai.ModelList;
import dev.tidemill.gateway.openai.OpenAiPaths;
import dev.tidemill.gateway.reload.ConfigStatus;
import dev.tidemill.gateway.table.LiveTable;
import dev.tidemill.gateway.table.ReplicaTable;
import dev.tidemill.http.Bodies;
import dev.tidemill.http.HealthRoutes;
import dev.tidemill.http.Readiness;
import dev.tidemill.http.RouteSet;
import dev.tidemill.http.Routes;
import dev.tidemill.routing.RouteMatch;
import io.helidon.http.Method;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The main listener: what the gateway answers itself, and everything else to the replicas.
final class OwnRoutes implements RouteSet {
    private final String name;
    private final String version;
    private final LiveTable live;
    private final Readiness readiness;
    private final ConfigStatus status;
    private final InferenceHandler inference;
    private final ModelList models;

    /// @param begun the time of day, which OpenAI's clients take for the age of models
    OwnRoutes(
            String name,
            String version,
            LiveTable live,
            Readiness readiness,
            ConfigStatus status,
            InferenceHandler inference,
            Instant begun) {
        this.name = name;
        this.version = version;
        this.live = live;
        this.readiness = readiness;
        this.status = status;
        this.inference = inference;
        this.models = new ModelList(begun.getEpochSecond());
    }

    @Override
    public void register(Routes routes) {
        routes.get("/v2", guarded((_, response) -> Bodies.send(response, server())))
                .get("/v2/", guarded((_, response) -> Bodies.send(response, server())))
                .get("/v2/models", guarded(this::list))
                .get("/v1/models", guarded(this::openAiList))
                .get("/v1/models/*", this::model)
                .get("/v2/health/live", (_, response) -> Bodies.send(response, new Live(true)))
                .get("/v2/health/ready", (_, response) -> ready(response))
                .get("/health", (_, response) -> health(response))
                .add(new HealthRoutes(readiness))
                .on(Method.OPTIONS, "/v1/models", inference)
                .on(Method.OPTIONS, "/v1/models/*", inference)
                .on(Method.OPTIONS, "/v2/models", inference)
                .any("/*", this::other);
    }

    /// Only for those who may come in.
    private Handler guarded(Guarded handler) {
        return (request, response) -> {
            Optional<Caller> caller = live.current().access().admit(request, response);
            if (caller.isPresent()) {
                handler.handle(caller.get(), response);
            }
        };
    }

    private void openAiList(Caller caller, ServerResponse response) {
        Bodies.send(response, models.all(live.current(), caller));
    }

    /// OpenAI's form for models elsewhere; ours answer for themselves, in TensorFlow Serving's.
    private void model(ServerRequest request, ServerResponse response) throws InterruptedException {
        ReplicaTable table = live.current();
        String path = request.prologue().uriPath().rawPath();
        String name = ModelList.nameIn(path);
        boolean ours = table.model(name) != null || !OpenAiPaths.hasErrorForm(path);
        if (ours || !(table.routes().match(path) instanceof RouteMatch.NoRoute)) {
            inference.handle(request, response);
            return;
        }
        Optional<Caller> caller = table.access().admit(request, response);
        if (caller.isPresent()) {
            Bodies.send(response, models.one(table, caller.get(), name));
        }
    }

    private void other(ServerRequest request, ServerResponse response) throws Exception {
        String path = request.prologue().uriPath().rawPath();
        if (path.equals("/")
                && request.prologue().method().equals(Method.GET)
                && live.current().routes().match(path) instanceof RouteMatch.NoRoute) {
            guarded((_, answer) -> Bodies.send(answer, overview())).handle(request, response);
        } else {
            inference.handle(request, response);
        }
    }

    private Server server() {
        return new Server(name, version, List.of());
    }

    private void list(Caller caller, ServerResponse response) {
        Bodies.send(
                response,
                new Models(
                        live.current().models().stream()
                                .filter(m -> caller.mayUseModel(m.name()))
                                .map(m -> new Model(m.name(), m.replicas().size()))
                                .toList()));
    }

    private Overview overview() {
        ReplicaTable table = live.current();
        return new Overview(
                name,
                version,
                whyNot().isEmpty(),
                table.models().stream()
                        .map(m -> new Path("/v2/models/" + m.name() + "/infer", m.name()))
                        .toList(),
                table.paths().stream().map(p -> new Path(p.path(), p.model())).toList(),
                List.of("/v2/models", "/v2/health/ready", "/v2/health/live"));
    }

    /// These speak of all models; whether requests may be sent here at all is [HealthRoutes]'.
    private Optional<String> whyNot() {
        Optional<String> own = readiness.whyNot();
        return own.isPresent() ? own : live.current().missing();
    }

    private void ready(ServerResponse response) {
        Optional<String> whyNot = whyNot();
        Bodies.send(
                response,
                whyNot.isEmpty() ? 200 : 503,
                new Ready(whyNot.isEmpty(), whyNot.orElse("")));
    }

    private void health(ServerResponse response) {
        Optional<String> whyNot = whyNot();
        Bodies.send(
                response,
                whyNot.isEmpty() ? 200 : 503,
                new Health(
                        whyNot.isEmpty() ? "healthy" : "unhealthy",
                        whyNot.orElse(""),
                        status.problem().orElse("")));
    }

    record Live(boolean live) {}

    record Ready(boolean ready, @JsonInclude(JsonInclude.Include.NON_EMPTY) String reason) {}

    /// @param configuration what is wrong with the newest one
    record Health(
            String status,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) String reason,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) String configuration) {}

    @FunctionalInterface
    private interface Guarded {
        void handle(Caller caller, ServerResponse response);
    }

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
