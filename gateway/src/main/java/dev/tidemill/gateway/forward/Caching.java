package dev.tidemill.gateway.forward;

import dev.tidemill.gateway.access.Caller;
import dev.tidemill.gateway.audit.Decision;
import dev.tidemill.gateway.audit.Noted;
import dev.tidemill.gateway.cache.AnswerCache;
import dev.tidemill.gateway.cache.AnswerCaches;
import dev.tidemill.gateway.cache.CachedAnswer;
import dev.tidemill.gateway.cache.Question;
import dev.tidemill.gateway.table.Destination;
import dev.tidemill.gateway.table.ReplicaTable;
import dev.tidemill.gateway.upstream.Call;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Asks the cache before anybody else. Thread-safe.
record Caching(AnswerCaches caches, Forwarder shared) {
    /// `hit`, `miss`, `bypass`, or `semantic; similarity=0.97`.
    static final HeaderName HEADER = HeaderNames.create("x-tidemill-cache");

    /// Headers that upstreams decide by.
    private static final List<HeaderName> DECIDE =
            List.of(
                    HeaderNames.create("openai-beta"),
                    HeaderNames.create("openai-organization"),
                    HeaderNames.create("openai-project"),
                    HeaderNames.create("anthropic-beta"),
                    HeaderNames.create("anthropic-version"));

    /// Never waits.
    ///
    /// @param model as the client calls it
    Asking ask(
            ReplicaTable table,
            Caller caller,
            Destination destination,
            String model,
            Inbound inbound,
            ServerResponse response) {
        AnswerCache cache =
                caches.about(caller, model, destination.isRoute() ? destination.name() : "");
        if (cache == null) {
            return Asking.OFF;
        }
        String wish = wish(inbound.headers());
        Optional<String> tenant = cache.tenant(caller);
        Question question =
                wish.contains("no-store") || tenant.isEmpty()
                        ? null
                        : cache.question(
                                tenant.get(),
                                from(table, destination, inbound),
                                inbound.path(),
                                inbound.body());
        if (question == null) {
            say(cache, "bypass", response);
            return Asking.OFF;
        }
        boolean fresh = wish.contains("no-cache");
        CachedAnswer there = fresh ? null : cache.find(question, shared.nanos().getAsLong());
        if (there != null) {
            say(cache, "hit", response);
            Noted.decided(Decision.CACHED);
            return Asking.answered(cache, question, there);
        }
        say(cache, fresh ? "bypass" : "miss", response);
        return Asking.open(this, cache, question, fresh);
    }

    /// Looks for a question that means the same.
    ///
    /// @return null when there is none
    @Nullable CachedAnswer similar(
            Asking asking, ReplicaTable table, Call call, ServerResponse response)
            throws InterruptedException {
        float[] embedding =
                Similarity.embedding(shared, table, asking.cache(), asking.question(), call);
        if (embedding == null) {
            return null;
        }
        asking.means(embedding);
        Optional<AnswerCache.Similar> similar =
                asking.cache().similar(asking.question(), embedding, shared.nanos().getAsLong());
        if (similar.isEmpty()) {
            return null;
        }
        caches.count(asking.cache(), "semantic");
        Noted.cache("semantic");
        Noted.decided(Decision.CACHED);
        // Rounded down: what is shown is never more than what it is.
        double shown = Math.floor(similar.get().similarity() * 100) / 100;
        response.headers()
                .set(
                        HEADER,
                        String.format(
                                Locale.ROOT, "semantic; similarity=%.2f", Math.min(1, shown)));
        return similar.get().answer();
    }

    void waited(AnswerCache cache, ServerResponse response) {
        say(cache, "hit", response);
        Noted.decided(Decision.CACHED);
    }

    private void say(AnswerCache cache, String word, ServerResponse response) {
        caches.count(cache, word);
        Noted.cache(word);
        response.headers().set(HEADER, word);
    }

    private static String wish(Headers headers) {
        return headers.contains(HeaderNames.CACHE_CONTROL)
                ? headers.get(HeaderNames.CACHE_CONTROL).values().toLowerCase(Locale.ROOT)
                : "";
    }

    /// Who gives the answer: another upstream, or another version of a model, gives another one.
    private static String from(ReplicaTable table, Destination destination, Inbound inbound) {
        StringBuilder from = new StringBuilder(destination.name());
        for (Destination.Target target : destination.targets()) {
            from.append('\n').append(target.as()).append(' ').append(target.model());
            Destination.Elsewhere elsewhere = target.elsewhere();
            if (elsewhere == null) {
                from.append(' ').append(target.served());
                from.append(' ').append(table.version(target.served()));
            } else {
                from.append(' ').append(elsewhere.host().get()).append(elsewhere.basePath());
            }
        }
        from.append('\n').append(inbound.query());
        for (HeaderName name : DECIDE) {
            if (inbound.headers().contains(name)) {
                from.append('\n').append(name.lowerCase()).append(' ');
                from.append(inbound.headers().get(name).values());
            }
        }
        return from.toString();
    }
}
