package dev.tidemill.cli.up;

import dev.tidemill.cli.process.ChildEvent;
import dev.tidemill.cli.process.ChildProcess;
import dev.tidemill.common.DurationText;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A process that there is exactly one of (control, gateway): started, and started again whenever
/// it ends by itself. Confined to the [Loop], except [#firstReady].
final class Service {
    /// One that lived this long is not in a crash loop.
    private static final Duration SETTLED = Duration.ofSeconds(10);

    private final String role;
    private final String name;
    private final List<String> flags;
    private final Children children;
    private final Loop loop;
    private final Narrator narrator;
    private final LongSupplier nanos;
    private final Supplier<String> configuration;
    private final CompletableFuture<Integer> firstReady = new CompletableFuture<>();
    private @Nullable ChildProcess child;
    private Runnable whenReady = () -> {};
    private boolean ready;
    private boolean stopped;
    private int port;
    private int adminPort;
    private int grpcPort;
    private int failures;
    private long startedNanos;

    /// @param configuration asked anew at every start
    Service(
            String role,
            String name,
            List<String> flags,
            Children children,
            Loop loop,
            Narrator narrator,
            LongSupplier nanos,
            Supplier<String> configuration) {
        this.role = role;
        this.name = name;
        this.flags = flags;
        this.children = children;
        this.loop = loop;
        this.narrator = narrator;
        this.nanos = nanos;
        this.configuration = configuration;
    }

    /// @param action that follows every start, on the loop
    void whenReady(Runnable action) {
        whenReady = action;
    }

    void start() {
        if (stopped) {
            return;
        }
        ready = false;
        startedNanos = nanos.getAsLong();
        child = children.start(role, name, flags, configuration.get(), this::on);
    }

    /// The port, once it was ready for the first time; fails when it ended before.
    CompletableFuture<Integer> firstReady() {
        return firstReady;
    }

    void send(String line) {
        if (child != null) {
            child.send(line);
        }
    }

    Optional<ChildProcess> child() {
        return Optional.ofNullable(child);
    }

    boolean ready() {
        return ready;
    }

    int port() {
        return port;
    }

    /// 0 when it does not speak gRPC.
    int grpcPort() {
        return grpcPort;
    }

    int adminPort() {
        return adminPort;
    }

    /// From now on its end is wanted.
    Optional<ChildProcess> release() {
        stopped = true;
        firstReady.completeExceptionally(new IllegalStateException(name + " was stopped"));
        return child();
    }

    private void on(ChildProcess from, ChildEvent event) {
        if (from != child) {
            return;
        }
        switch (event) {
            case ChildEvent.Listening(int bound) -> port = bound;
            case ChildEvent.GrpcListening(int bound) -> grpcPort = bound;
            case ChildEvent.AdminListening(int bound) -> adminPort = bound;
            case ChildEvent.Ready() -> {
                ready = true;
                if (!firstReady.complete(port)) {
                    narrator.say(
                            name,
                            "is back after "
                                    + DurationText.format(
                                            Duration.ofNanos(nanos.getAsLong() - startedNanos)));
                }
                whenReady.run();
            }
            case ChildEvent.Exited(int code) -> exited(from, code);
        }
    }

    private void exited(ChildProcess from, int code) {
        child = null;
        ready = false;
        if (stopped) {
            return;
        }
        String how = "%s (pid %d) ended with code %d".formatted(name, from.pid(), code);
        if (!firstReady.isDone()) {
            firstReady.completeExceptionally(new IllegalStateException(how));
            return;
        }
        Duration lived = Duration.ofNanos(nanos.getAsLong() - startedNanos);
        failures = lived.compareTo(SETTLED) > 0 ? 0 : failures + 1;
        Duration wait = PoolPlan.backoff(failures);
        narrator.say(
                name, "pid %d ended with code %d: starting another".formatted(from.pid(), code));
        loop.after(wait, this::start);
    }
}
