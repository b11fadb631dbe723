package dev.tidemill.gateway.forward;

import static java.util.Objects.requireNonNull;

import dev.tidemill.gateway.cache.AnswerCache;
import dev.tidemill.gateway.cache.CachedAnswer;
import dev.tidemill.gateway.cache.Question;
import dev.tidemill.gateway.table.ReplicaTable;
import dev.tidemill.gateway.upstream.Call;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerResponse;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// One request's business with a cache. Used by one thread, once; ends with [#close].
final class Asking implements AutoCloseable {
    /// Of a request that no cache is about.
    static final Asking OFF = new Asking(null, null, null, null, false);

    private final @Nullable Caching caching;
    private final @Nullable AnswerCache cache;
    private final @Nullable Question question;
    private final @Nullable CachedAnswer there;

    /// What is there is not wanted; what comes replaces it.
    private final boolean fresh;

    private float @Nullable [] embedding;
    private boolean leads;
    private @Nullable CachedAnswer kept;

    private Asking(
            @Nullable Caching caching,
            @Nullable AnswerCache cache,
            @Nullable Question question,
            @Nullable CachedAnswer there,
            boolean fresh) {
        this.caching = caching;
        this.cache = cache;
        this.question = question;
        this.there = there;
        this.fresh = fresh;
    }

    static Asking answered(AnswerCache cache, Question question, CachedAnswer there) {
        return new Asking(null, cache, question, there, false);
    }

    static Asking open(Caching caching, AnswerCache cache, Question question, boolean fresh) {
        return new Asking(caching, cache, question, null, fresh);
    }

    AnswerCache cache() {
        return requireNonNull(cache);
    }

    Question question() {
        return requireNonNull(question);
    }

    void means(float[] vector) {
        embedding = vector;
    }

    /// The answer, if it is there; waits while another request gets it, and asks what the question
    /// means.
    ///
    /// @return null when an upstream is to be asked
    @Nullable CachedAnswer answer(ReplicaTable table, Call call, ServerResponse response)
            throws InterruptedException {
        if (there != null || caching == null) {
            return there;
        }
        if (fresh) {
            return null;
        }
        CompletableFuture<Optional<CachedAnswer>> flight = cache().underWay(question());
        if (flight != null) {
            CachedAnswer landed = landed(flight, caching, call);
            if (landed != null) {
                caching.waited(cache(), response);
            }
            // Whoever waited in vain does not wait again.
            return landed;
        }
        leads = true;
        if (cache().rule().semantic().isPresent() && question().lastMessage().isPresent()) {
            // Also for those who wait for this one's answer.
            kept = caching.similar(this, table, call, response);
        }
        return kept;
    }

    private static @Nullable CachedAnswer landed(
            CompletableFuture<Optional<CachedAnswer>> flight, Caching caching, Call call)
            throws InterruptedException {
        call.whenGone(() -> flight.cancel(false));
        call.watchClient();
        long left = call.deadlineNanos() - caching.shared().nanos().getAsLong();
        try {
            if (call.hasLeft()) {
                throw new CloseConnectionException("the client left");
            }
            return flight.get(Math.max(0, left), TimeUnit.NANOSECONDS).orElse(null);
        } catch (CancellationException e) {
            throw new CloseConnectionException("the client left", e);
        } catch (TimeoutException | ExecutionException e) {
            return null;
        } finally {
            call.whenGone(null);
        }
    }

    /// How large an answer may be that is kept; 0 when none is.
    int mostBytes() {
        return caching == null ? 0 : cache().rule().maxEntryBytes();
    }

    /// @param answer null when it was not whole, or nothing to be repeated
    void keep(@Nullable CachedAnswer answer) {
        if (answer != null && caching != null) {
            kept = answer;
            cache().keep(question(), answer, embedding);
        }
    }

    @Override
    public void close() {
        if (leads) {
            leads = false;
            cache().landed(question(), kept);
        }
    }
}
