package dev.tidemill.autoscale;

import dev.tidemill.scaling.Signal;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Reads `/metrics` of the model servers themselves: how long a request occupies a replica, how
/// many wait there, and its GPU. A server that does not answer is left out; the others stand for
/// it.
public final class ReplicaSource implements SignalSource {
    private static final Duration TIMEOUT = Duration.ofMillis(800);

    private final HttpClient http;
    private final Supplier<Map<String, List<URI>>> replicas;
    private final LongSupplier nanos;
    private Map<URI, ServerWork> before = Map.of();

    /// @param replicas that are ready, by target
    /// @param nanos a monotonic clock
    public ReplicaSource(
            HttpClient http, Supplier<Map<String, List<URI>>> replicas, LongSupplier nanos) {
        this.http = http;
        this.replicas = replicas;
        this.nanos = nanos;
    }

    @Override
    public String name() {
        return "model servers";
    }

    @Override
    public Map<String, Measures> read() {
        Map<String, List<URI>> targets = replicas.get();
        Map<URI, Future<Optional<ServerWork>>> asked = new HashMap<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (List<URI> addresses : targets.values()) {
                for (URI address : addresses) {
                    Callable<Optional<ServerWork>> ask = () -> ask(address);
                    asked.put(address, threads.submit(ask));
                }
            }
        }
        Map<URI, ServerWork> now = new HashMap<>();
        asked.forEach((address, answer) -> answer(answer).ifPresent(w -> now.put(address, w)));
        Map<String, Measures> measures = new HashMap<>();
        targets.forEach((target, addresses) ->
                measured(addresses, now).ifPresent(m -> measures.put(target, m)));
        before = now;
        return measures;
    }

    private Optional<Measures> measured(List<URI> addresses, Map<URI, ServerWork> now) {
        List<ServerWork> works = new ArrayList<>();
        ServerWork since = ServerWork.NONE;
        double waiting = 0;
        for (URI address : addresses) {
            ServerWork work = now.get(address);
            if (work != null) {
                works.add(work);
                ServerWork own = work.since(before.getOrDefault(address, work));
                since = since.plus(own);
                // By Little's law: the time waited in a span, over the span.
                waiting += own.atNanos() > 0 ? own.queueSeconds() / (own.atNanos() / 1e9) : 0;
            }
        }
        if (works.isEmpty()) {
            return Optional.empty();
        }
        Map<Signal, Double> values = new HashMap<>();
        values.put(Signal.WAITING, Math.max(0, waiting));
        values.put(Signal.QUEUE_DEPTH, Math.max(0, waiting));
        if (since.requests() > 0) {
            double occupied = (since.requestSeconds() - since.queueSeconds()) / since.requests();
            values.put(Signal.SLOT_SECONDS, Math.max(0, occupied));
        }
        works.stream()
                .mapToDouble(ServerWork::gpu)
                .filter(Double::isFinite)
                .average()
                .ifPresent(gpu -> values.put(Signal.GPU, gpu));
        return Optional.of(Measures.of(values));
    }

    private Optional<ServerWork> ask(URI address) {
        HttpRequest request =
                HttpRequest.newBuilder(address.resolve("/metrics")).timeout(TIMEOUT).build();
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200
                    ? Optional.of(ServerWork.parse(answer.body(), nanos.getAsLong()))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static Optional<ServerWork> answer(Future<Optional<ServerWork>> asked) {
        try {
            return asked.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException e) {
            return Optional.empty();
        }
    }
}
