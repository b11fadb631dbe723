package dev.tidemill.autoscale;

import dev.tidemill.autoscale.ServerWork.Of;
import dev.tidemill.scaling.Signal;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Reads `/metrics` of the model servers themselves: how long a request occupies a replica, how
/// many runs go on at a time, how many wait there, its GPU, and of a language model the tokens and
/// the key-value cache. A server that does not answer is left out; the others stand for it.
public final class ReplicaSource implements SignalSource {
    /// Servers that have more to do than they can answer late too, and that is when they matter.
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

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
        for (URI address : addresses) {
            ServerWork work = now.get(address);
            if (work != null) {
                works.add(work.since(before.getOrDefault(address, work)));
            }
        }
        if (works.isEmpty()) {
            return Optional.empty();
        }
        Map<Signal, Double> values = new EnumMap<>(Signal.class);
        double waiting = works.stream().mapToDouble(ReplicaSource::waiting).sum();
        values.put(Signal.WAITING, waiting);
        values.put(Signal.QUEUE_DEPTH, waiting);
        double requests = sum(works, Of.REQUESTS);
        if (requests > 0) {
            double occupied = sum(works, Of.REQUEST_SECONDS) - sum(works, Of.QUEUE_SECONDS);
            values.put(Signal.SLOT_SECONDS, Math.max(0, occupied / requests));
        }
        double all = (double) addresses.size() / works.size();
        rate(works, Of.PROMPT_TOKENS).ifPresent(r -> values.put(Signal.PROMPT_TOKENS, r * all));
        rate(works, Of.OUTPUT_TOKENS).ifPresent(r -> values.put(Signal.OUTPUT_TOKENS, r * all));
        mean(works, Of.SLOTS).stream()
                .filter(slots -> slots > 0)
                .forEach(slots -> values.put(Signal.SLOTS, slots));
        mean(works, Of.GPU).ifPresent(share -> values.put(Signal.GPU, share));
        mean(works, Of.KV_CACHE).ifPresent(share -> values.put(Signal.KV_CACHE, share));
        return Optional.of(Measures.of(values));
    }

    /// As the server says; otherwise by Little's law: the time waited in a span, over the span.
    private static double waiting(ServerWork work) {
        double now = work.get(Of.WAITING);
        double waited = work.get(Of.QUEUE_SECONDS) / work.seconds();
        return now >= 0 ? now : waited > 0 && work.seconds() > 0 ? waited : 0;
    }

    private static double sum(List<ServerWork> works, Of of) {
        return works.stream().mapToDouble(each -> each.get(of)).filter(Double::isFinite).sum();
    }

    private static OptionalDouble mean(List<ServerWork> works, Of of) {
        return works.stream().mapToDouble(each -> each.get(of)).filter(Double::isFinite).average();
    }

    /// A second, of all that answered; empty at the first reading, and where no server counts it.
    private static OptionalDouble rate(List<ServerWork> works, Of of) {
        double[] rates =
                works.stream()
                        .filter(each -> each.seconds() > 0)
                        .mapToDouble(each -> each.get(of) / each.seconds())
                        .filter(Double::isFinite)
                        .toArray();
        return rates.length == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(Arrays.stream(rates).sum());
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
