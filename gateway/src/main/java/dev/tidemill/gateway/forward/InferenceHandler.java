package dev.tidemill.gateway.forward;

import static java.util.stream.Collectors.joining;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.ErrorKind;
import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.access.Caller;
import dev.tidemill.gateway.admission.Admission;
import dev.tidemill.gateway.audit.AuditLog;
import dev.tidemill.gateway.audit.Noted;
import dev.tidemill.gateway.cache.AnswerCaches;
import dev.tidemill.gateway.guard.GuardWatch;
import dev.tidemill.gateway.mirror.Copies;
import dev.tidemill.gateway.openai.ModelRequest;
import dev.tidemill.gateway.openai.OpenAiPaths;
import dev.tidemill.gateway.openai.RequestReader;
import dev.tidemill.gateway.table.Destination;
import dev.tidemill.gateway.table.LiveTable;
import dev.tidemill.gateway.table.ReplicaTable;
import dev.tidemill.gateway.traffic.GenAiTraffic;
import dev.tidemill.http.Metrics;
import dev.tidemill.http.tracing.Span;
import dev.tidemill.routing.RouteMatch;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Answers every path that the gateway does not answer itself: who is it, where does it go, and
/// then its [Passage].
public final class InferenceHandler implements Handler {
    private static final String V1_MODELS = "/v1/models/";
    private static final String V2_MODELS = "/v2/models/";
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST");
    private static final String ALLOW = "GET, HEAD, POST";

    private final Passage passage;
    private final RequestBodies bodies;
    private final AuditLog audit;

    /// @param nanos monotonic clock
    /// @param clock the time of day
    /// @param random gives the calling thread's generator
    /// @param maxBodyBytes of one request's body
    /// @param bodyMemoryBytes of all bodies that are held at once
    public static InferenceHandler create(
            LiveTable live,
            Admission admission,
            Heartbeats heartbeats,
            AuditLog audit,
            AnswerCaches caches,
            Copies copies,
            Metrics metrics,
            LongSupplier nanos,
            InstantSource clock,
            Supplier<? extends RandomGenerator> random,
            long maxBodyBytes,
            long bodyMemoryBytes) {
        Forwarder shared = Forwarder.create(live, copies, metrics, nanos, clock, random);
        return new InferenceHandler(
                new Passage(
                        shared,
                        admission,
                        heartbeats,
                        Guarding.by(new GuardWatch(metrics)),
                        new Caching(caches, shared),
                        new GenAiTraffic(metrics)),
                new RequestBodies(maxBodyBytes, bodyMemoryBytes),
                audit);
    }

    private InferenceHandler(Passage passage, RequestBodies bodies, AuditLog audit) {
        this.passage = passage;
        this.bodies = bodies;
        this.audit = audit;
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) throws InterruptedException {
        audit.around(request, response, () -> answer(request, response));
    }

    private void answer(ServerRequest request, ServerResponse response)
            throws InterruptedException {
        try {
            ReplicaTable table = passage.shared().live().current();
            Optional<Caller> caller = table.access().admit(request, response);
            if (caller.isPresent()) {
                Noted.caller(caller.get());
                route(new Arrival(table, caller.get(), request, response));
            }
        } catch (TidemillException e) {
            if (e.code().kind() == ErrorKind.CAPACITY) {
                response.header(HeaderNames.RETRY_AFTER, "1");
            }
            throw e;
        }
    }

    private void route(Arrival arrival) throws InterruptedException {
        ReplicaTable table = arrival.table();
        String path = arrival.path();
        switch (table.routes().match(path)) {
            case RouteMatch.ByName(String model) ->
                    byName(arrival, model, Inbound.NameInPath.after(V2_MODELS, path));
            case RouteMatch.UnknownModel(String model) ->
                    byName(arrival, model, Inbound.NameInPath.after(V2_MODELS, path));
            case RouteMatch.ByPath(String key, String route) -> {
                Destination destination = arrival.choose(passage, table.byPath(key));
                if (destination == null) {
                    throw notFound(path);
                }
                String model = destination.isRoute() ? "" : destination.name();
                traced(destination.name(), route, arrival);
                plain(arrival, destination, model, null);
            }
            case RouteMatch.NoRoute _ -> unrouted(arrival);
            case RouteMatch.Ambiguous _ ->
                    throw new TidemillException(
                            ErrorCode.INVALID_REQUEST,
                            "path: '%s' (expected: no '.' or '..' segments)".formatted(path));
        }
    }

    private void unrouted(Arrival arrival) throws InterruptedException {
        String path = arrival.path();
        if (path.startsWith(V1_MODELS)) {
            Inbound.NameInPath name = Inbound.NameInPath.after(V1_MODELS, path);
            byName(arrival, decoded(path.substring(name.from(), name.to())), name);
        } else if (OpenAiPaths.isByBody(path) && arrival.method().equals(Method.POST)) {
            byBody(arrival);
        } else {
            throw notFound(path);
        }
    }

    private void byName(Arrival arrival, String model, Inbound.NameInPath name)
            throws InterruptedException {
        Destination destination = arrival.choose(passage, arrival.table().byModel(model));
        if (destination == null) {
            throw unknown(arrival, model);
        }
        traced(model, arrival.path().substring(0, name.from()) + "{model}", arrival);
        plain(arrival, destination, model, name);
    }

    private void plain(
            Arrival arrival,
            Destination destination,
            String model,
            Inbound.@Nullable NameInPath name)
            throws InterruptedException {
        boolean anyMethod = destination.isRoute() && name == null;
        if (!anyMethod && !METHODS.contains(arrival.method().text())) {
            arrival.response().header(HeaderNames.ALLOW, ALLOW);
            throw new TidemillException(
                    ErrorCode.METHOD_NOT_ALLOWED,
                    "method: '%s' (expected: %s)".formatted(arrival.method().text(), ALLOW));
        }
        try (RequestBodies.Held body = bodies.read(arrival.request())) {
            serve(arrival, destination, model, arrival.inbound(body.bytes(), name, null, false));
        }
    }

    private void byBody(Arrival arrival) throws InterruptedException {
        try (RequestBodies.Held body = bodies.readUnpacked(arrival.request())) {
            ModelRequest model = RequestReader.read(body.bytes());
            Destination destination =
                    arrival.choose(passage, arrival.table().byModel(model.model()));
            if (destination == null) {
                throw unknown(arrival, model.model());
            }
            traced(model.model(), arrival.path(), arrival);
            tracedAsOpenAi(model, arrival.path());
            boolean askUsage =
                    model.stream()
                            && arrival.table().limits().countTokens()
                            && OpenAiPaths.hasStreamOptions(arrival.path());
            serve(
                    arrival,
                    destination,
                    model.model(),
                    arrival.inbound(body.bytes(), null, model, askUsage));
        }
    }

    private void serve(Arrival arrival, Destination destination, String model, Inbound inbound)
            throws InterruptedException {
        passage.serve(
                arrival.table(), arrival.caller(), destination, model, inbound, arrival.response());
    }

    /// The edge knows of one route for all of them.
    private static void traced(String model, String route, Arrival arrival) {
        Span span = Span.current();
        String method = arrival.method().text();
        if (span.isRecorded()) {
            span.set("http.route", route)
                    .set("tidemill.model.name", model)
                    .rename((METHODS.contains(method) ? method : "HTTP") + " " + route);
        }
    }

    /// In OpenTelemetry's conventions for generative AI.
    private static void tracedAsOpenAi(ModelRequest model, String path) {
        Span span = Span.current();
        String operation = OpenAiPaths.operation(path);
        if (span.isRecorded() && !operation.isEmpty()) {
            span.set("gen_ai.operation.name", operation)
                    .set("gen_ai.provider.name", GenAiTraffic.PROVIDER)
                    .set("gen_ai.request.model", model.model());
        }
    }

    private static TidemillException notFound(String path) {
        return new TidemillException(
                ErrorCode.NOT_FOUND,
                "path: '%s' (expected: a path that GET / lists)".formatted(path));
    }

    /// Names only what the client may use.
    private static TidemillException unknown(Arrival arrival, String model) {
        List<String> names =
                arrival.table().clientModels().stream()
                        .filter(arrival.caller()::mayUseModel)
                        .toList();
        String expected =
                names.isEmpty()
                        ? "none is served"
                        : names.stream().limit(20).collect(joining(" or "));
        return new TidemillException(
                ErrorCode.MODEL_NOT_FOUND, "model: '%s' (expected: %s)".formatted(model, expected));
    }

    private static String decoded(String name) {
        try {
            return name.indexOf('%') < 0 ? name : URLDecoder.decode(name, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return name;
        }
    }

    /// A request and the table that it is answered by.
    private record Arrival(
            ReplicaTable table, Caller caller, ServerRequest request, ServerResponse response) {
        Method method() {
            return request.prologue().method();
        }

        String path() {
            return request.prologue().uriPath().rawPath();
        }

        @Nullable Destination choose(Passage passage, List<Destination> destinations) {
            return new Traits(request.headers(), caller, passage.shared().random())
                    .choose(destinations);
        }

        Inbound inbound(
                byte[] body,
                Inbound.@Nullable NameInPath name,
                @Nullable ModelRequest model,
                boolean askUsage) {
            return new Inbound(
                    method(),
                    path(),
                    request.prologue().query().rawValue(),
                    request.headers(),
                    body,
                    name,
                    model,
                    askUsage,
                    table.access().wantsKeys());
        }
    }
}
