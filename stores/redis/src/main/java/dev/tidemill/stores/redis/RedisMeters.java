package dev.tidemill.stores.redis;

import dev.tidemill.limits.Amount;
import dev.tidemill.limits.QuotaDecision;
import dev.tidemill.limits.SharedMeters;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/// Meters in a Redis: one script decides and takes, by Redis's own clock, so that gateways whose
/// clocks differ agree. All names have one hash tag, so that a script finds them on one node.
public final class RedisMeters implements SharedMeters {
    private static final String SCRIPT = script();
    private static final int MAX_UNKNOWN = 10_000;

    private final RedisLink link;
    private final MeterScript names;
    private final String digest;
    private final Queue<Request> unknown = new ArrayBlockingQueue<>(MAX_UNKNOWN);

    /// Connects when it is first asked to [#check()].
    ///
    /// @param space the meters' own part of the names in the Redis: those who share limits have the
    ///   same
    public RedisMeters(RedisAddress address, String space) {
        this.link = new RedisLink(address);
        this.names = new MeterScript(space, InstantSource.system());
        this.digest = sha1(SCRIPT);
    }

    @Override
    public List<QuotaDecision> reserve(Request request) {
        CompletionStage<List<Object>> answer = run(names.keys(request), names.reserve(request));
        try {
            return MeterScript.decisions(request, link.await(answer));
        } catch (RuntimeException e) {
            answer.whenComplete((late, failure) -> {
                if (failure == null) {
                    giveBack(request, MeterScript.decisions(request, late));
                } else {
                    // It may have been taken, and nobody will ever know.
                    unknown.offer(request);
                }
            });
            throw e;
        }
    }

    /// What may have been taken by calls whose connection ended is given back; of what was not, the
    /// store knows nothing and gives nothing.
    private void giveBackUnknown() {
        // Those that fail again wait for the next time.
        for (int left = unknown.size(); left > 0; left--) {
            Request lost = unknown.poll();
            if (lost == null) {
                return;
            }
            run(names.keys(lost), names.undo(lost, List.of()))
                    .whenComplete((_, failure) -> {
                        if (failure != null) {
                            unknown.offer(lost);
                        }
                    });
        }
    }

    /// Nobody waits for this answer any more: what it took was not used.
    private void giveBack(Request request, List<QuotaDecision> decisions) {
        if (decisions.stream().allMatch(QuotaDecision.Granted.class::isInstance)) {
            List<Long> days = decisions.stream().map(d -> d.use().money().day()).toList();
            run(names.keys(request), names.undo(request, days));
        }
    }

    @Override
    public void settle(Request request, List<Long> days, Amount actual) {
        link.await(run(names.keys(request), names.settle(request, days, actual)));
        giveBackUnknown();
    }

    @Override
    public void check() {
        link.await(link.connect().scriptLoad(SCRIPT));
        giveBackUnknown();
    }

    @Override
    public void close() {
        link.close();
    }

    /// By its digest; with its text when the Redis has forgotten it.
    private CompletionStage<List<Object>> run(String[] keys, String[] arguments) {
        RedisAsyncCommands<String, String> redis = link.commands();
        CompletionStage<List<Object>> known;
        try {
            known = redis.evalsha(digest, ScriptOutputType.MULTI, keys, arguments);
        } catch (RedisException e) {
            return CompletableFuture.failedStage(e);
        }
        return known.exceptionallyCompose(failure -> {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            return cause instanceof RedisNoScriptException
                    ? redis.eval(SCRIPT, ScriptOutputType.MULTI, keys, arguments)
                    : CompletableFuture.failedStage(failure);
        });
    }

    /// What Redis calls a script.
    private static String sha1(String text) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-1")
                                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String script() {
        try (InputStream in = RedisMeters.class.getResourceAsStream("meters.lua")) {
            if (in == null) {
                throw new IllegalStateException("meters.lua is not in the archive");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
