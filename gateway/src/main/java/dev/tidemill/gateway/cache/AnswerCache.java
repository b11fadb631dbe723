package dev.tidemill.gateway.cache;

import dev.tidemill.gateway.access.Caller;
import dev.tidemill.gateway.config.AnswerRules;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// One cache of a configuration: its rule, and what it holds. Thread-safe.
public final class AnswerCache {
    private final AnswerRules.Cache rule;
    private final AnswerStore store;
    private final Flights flights = new Flights();

    AnswerCache(AnswerRules.Cache rule) {
        this.rule = rule;
        this.store =
                new AnswerStore(rule.maxEntries(), rule.maxBytes(), rule.ttlMillis() * 1_000_000);
    }

    public AnswerRules.Cache rule() {
        return rule;
    }

    /// Whose answers a caller may get: the wall between tenants. Empty when that cannot be told, so
    /// that nothing may be kept.
    public Optional<String> tenant(Caller caller) {
        return switch (rule.per()) {
            case "shared" -> Optional.of("shared");
            case "team" ->
                    caller.teamIdentity().map(team -> "team " + team).or(() -> ofKey(caller));
            default -> ofKey(caller);
        };
    }

    private static Optional<String> ofKey(Caller caller) {
        return caller.isAnonymous() ? Optional.empty() : Optional.of("key " + caller.identity());
    }

    /// @param from who gives the answer: route, upstreams, versions
    /// @return null when it is not to be kept
    public @Nullable Question question(String tenant, String from, String path, byte[] body) {
        Question question =
                Question.read(rule.name() + '\n' + tenant + '\n' + path + '\n' + from, path, body);
        return question != null && question.keepable() && (rule.always() || question.repeatable())
                ? question
                : null;
    }

    public @Nullable CachedAnswer find(Question question, long nowNanos) {
        return store.get(question.exact(), nowNanos);
    }

    /// The answer to a question that means the same, with how much it does.
    public Optional<Similar> similar(Question question, float[] embedding, long nowNanos) {
        double threshold = rule.semantic().map(AnswerRules.Semantic::threshold).orElse(2.0);
        AnswerStore.Near near =
                store.nearest(Meaning.of(question.around(), embedding), threshold, nowNanos);
        return near == null
                ? Optional.empty()
                : Optional.of(new Similar(near.answer(), near.similarity()));
    }

    /// @param embedding of the question, where there is one
    public void keep(Question question, CachedAnswer answer, float @Nullable [] embedding) {
        store.put(
                question.exact(),
                answer,
                embedding == null ? null : Meaning.of(question.around(), embedding));
    }

    /// The same question that is being answered; null when the caller is the first, and must
    /// [#landed].
    public @Nullable CompletableFuture<Optional<CachedAnswer>> underWay(Question question) {
        CompletableFuture<Flights.Landing> flight = flights.join(question.exact());
        return flight == null
                ? null
                : flight.thenApply(landing -> Optional.ofNullable(landing.answer()));
    }

    public void landed(Question question, @Nullable CachedAnswer answer) {
        flights.end(question.exact(), answer);
    }

    int entries() {
        return store.size();
    }

    long bytes() {
        return store.bytes();
    }

    /// @param similarity from the threshold to 1
    public record Similar(CachedAnswer answer, double similarity) {}
}
