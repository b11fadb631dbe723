package dev.tidemill.gateway.forward;

import static java.util.stream.Collectors.joining;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.ErrorKind;
import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.table.LiveTable;
import dev.tidemill.gateway.table.ReplicaTable;
import dev.tidemill.gateway.table.ServedModel;
import dev.tidemill.gateway.traffic.ModelTraffic;
import dev.tidemill.gateway.upstream.OutgoingRequest;
import dev.tidemill.http.Metrics;
import dev.tidemill.http.RequestId;
import dev.tidemill.http.tracing.Span;
import dev.tidemill.routing.RouteMatch;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// Answers every path that the gateway does not answer itself.
public final class InferenceHandler implements Handler {
    /// Tells a replica which model a path without a model's name means.
    static final HeaderName MODEL = HeaderNames.create("tidemill-model");

    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST");
    private static final String ALLOW = "GET, HEAD, POST";
    private static final int CUT_OFF = 0;

    private final Forwarder forwarder;
    private final RequestBodies bodies;

    /// @param nanos monotonic clock
    /// @param random gives the calling thread's generator
    /// @param maxBodyBytes of one request's body
    /// @param bodyMemoryBytes of all bodies that are held at once
    public static InferenceHandler create(
            LiveTable live,
            Metrics metrics,
            LongSupplier nanos,
            Supplier<? extends RandomGenerator> random,
            long maxBodyBytes,
            long bodyMemoryBytes) {
        return new InferenceHandler(
                Forwarder.create(live, metrics, nanos, random),
                new RequestBodies(maxBodyBytes, bodyMemoryBytes));
    }

    private InferenceHandler(Forwarder forwarder, RequestBodies bodies) {
        this.forwarder = forwarder;
        this.bodies = bodies;
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) throws InterruptedException {
        try {
            route(request, response);
        } catch (TidemillException e) {
            if (e.code().kind() == ErrorKind.CAPACITY) {
                response.header(HeaderNames.RETRY_AFTER, "1");
            }
            throw e;
        }
    }

    private void route(ServerRequest request, ServerResponse response) throws InterruptedException {
        ReplicaTable table = forwarder.live().current();
        long deadline = forwarder.nanos().getAsLong() + table.requestTimeout().toNanos();
        String path = request.prologue().uriPath().rawPath();
        switch (table.routes().match(path)) {
            case RouteMatch.ByName(String model) -> {
                traced(model, "/v2/models/{model}", request);
                serve(table, model, List.of(), deadline, request, response);
            }
            case RouteMatch.ByPath(String model, String route) -> {
                traced(model, route, request);
                List<Header> named = List.of(HeaderValues.create(MODEL, model));
                serve(table, model, named, deadline, request, response);
            }
            case RouteMatch.UnknownModel(String name) ->
                    throw new TidemillException(
                            ErrorCode.MODEL_NOT_FOUND,
                            "model: '%s' (expected: %s)".formatted(name, names(table)));
            case RouteMatch.NoRoute _ ->
                    throw new TidemillException(
                            ErrorCode.NOT_FOUND,
                            "path: '%s' (expected: a path that GET / lists)".formatted(path));
            case RouteMatch.Ambiguous _ ->
                    throw new TidemillException(
                            ErrorCode.INVALID_REQUEST,
                            "path: '%s' (expected: no '.' or '..' segments)".formatted(path));
        }
    }

    /// The edge knows of one route for all of them.
    private static void traced(String model, String route, ServerRequest request) {
        Span span = Span.current();
        String method = request.prologue().method().text();
        if (span.isRecorded()) {
            span.set("http.route", route)
                    .set("tidemill.model.name", model)
                    .rename((METHODS.contains(method) ? method : "HTTP") + " " + route);
        }
    }

    private void serve(
            ReplicaTable table,
            String model,
            List<Header> routed,
            long deadline,
            ServerRequest request,
            ServerResponse response)
            throws InterruptedException {
        Method method = request.prologue().method();
        if (!METHODS.contains(method.text())) {
            response.header(HeaderNames.ALLOW, ALLOW);
            throw new TidemillException(
                    ErrorCode.METHOD_NOT_ALLOWED,
                    "method: '%s' (expected: %s)".formatted(method.text(), ALLOW));
        }
        try (RequestBodies.Held body = bodies.read(request)) {
            OutgoingRequest outgoing = outgoing(request, method, routed, body.bytes());
            forward(table, model, outgoing, deadline, method, response);
        }
    }

    private void forward(
            ReplicaTable table,
            String model,
            OutgoingRequest request,
            long deadline,
            Method method,
            ServerResponse response)
            throws InterruptedException {
        ServedModel served = table.model(model);
        if (served == null) {
            throw new IllegalStateException("a route leads to no model: " + model);
        }
        ModelTraffic traffic = served.traffic();
        long began = forwarder.nanos().getAsLong();
        int status = CUT_OFF;
        traffic.begin(began);
        try {
            status = answer(forwarder.forward(table, model, request, deadline), method, response);
        } catch (TidemillException e) {
            status = e.code().httpStatus();
            throw e;
        } finally {
            traffic.end(began, forwarder.nanos().getAsLong(), status);
        }
    }

    private static OutgoingRequest outgoing(
            ServerRequest request, Method method, List<Header> routed, byte[] body) {
        Header id = HeaderValues.create(RequestId.HEADER, RequestId.current());
        return OutgoingRequest.of(
                method,
                target(request),
                request.headers(),
                routed.isEmpty() ? List.of(id) : List.of(id, routed.getFirst()),
                body);
    }

    private static String target(ServerRequest request) {
        String path = request.prologue().uriPath().rawPath();
        String query = request.prologue().query().rawValue();
        return query.isEmpty() ? path : path + "?" + query;
    }

    private static int answer(Outcome outcome, Method method, ServerResponse response) {
        return switch (outcome) {
            case Outcome.Answered answered -> {
                AnswerWriter.write(answered, method, response);
                yield answered.answer().status();
            }
            case Outcome.Refused(ErrorCode code, String message) ->
                    throw new TidemillException(code, message);
        };
    }

    private static String names(ReplicaTable table) {
        return table.models().isEmpty()
                ? "none is served"
                : table.models().stream().map(ServedModel::name).collect(joining(" or "));
    }
}
