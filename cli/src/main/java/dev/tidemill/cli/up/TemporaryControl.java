package dev.tidemill.cli.up;

import dev.tidemill.cli.process.ChildEvent;
import dev.tidemill.cli.process.ChildProcess;
import dev.tidemill.cli.process.JavaCommand;
import dev.tidemill.cli.process.RotatingLog;
import dev.tidemill.cli.state.StateFolder;
import dev.tidemill.cli.state.StateFolder.FolderLock;
import dev.tidemill.client.control.ControlClient;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/// The registry for commands that need it: the running `up`'s control, or one that lives only for
/// the command.
public final class TemporaryControl {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_GRACE = Duration.ofSeconds(30);

    private final StateFolder state;
    private final JavaCommand java;
    private final HttpClient http;

    public TemporaryControl(StateFolder state, JavaCommand java, HttpClient http) {
        this.state = state;
        this.java = java;
        this.http = http;
    }

    /// @param work what to do with the registry
    public <T> T with(Function<ControlClient, T> work) {
        Optional<RunningUp> running = RunningUp.in(state);
        if (running.isPresent()) {
            int port = running.get().ask(Map.of("command", "control")).path("port").asInt(0);
            if (port == 0) {
                throw new TidemillException(
                        ErrorCode.UNAVAILABLE, "control: 'starting' (expected: ready; try again)");
            }
            return work.apply(client(port));
        }
        Optional<FolderLock> lock = state.tryLock();
        if (lock.isEmpty()) {
            throw new TidemillException(
                    ErrorCode.CONFLICT,
                    "data folder: '%s' (expected: not in use by another command)"
                            .formatted(state.root()));
        }
        try (FolderLock _ = lock.get()) {
            return withOwn(work);
        }
    }

    private <T> T withOwn(Function<ControlClient, T> work) {
        CompletableFuture<Integer> ready = new CompletableFuture<>();
        int[] port = new int[1];
        try (RotatingLog log = new RotatingLog(state.log("control"), RotatingLog.DEFAULT_LIMIT)) {
            ChildProcess control =
                    ChildProcess.start(
                            "control",
                            "control",
                            java.with(ServiceFlags.CONTROL, List.of("control")),
                            state.root(),
                            Wire.control(state),
                            log,
                            (_, event) -> {
                                switch (event) {
                                    case ChildEvent.Listening(int bound) -> port[0] = bound;
                                    case ChildEvent.AdminListening _,
                                            ChildEvent.GrpcListening _ -> {}
                                    case ChildEvent.Ready() -> ready.complete(port[0]);
                                    case ChildEvent.Exited(int code) ->
                                            ready.completeExceptionally(
                                                    new IllegalStateException(
                                                            "control ended with code " + code));
                                }
                            });
            try {
                return work.apply(client(await(ready)));
            } finally {
                control.stop(STOP_GRACE);
            }
        }
    }

    private int await(CompletableFuture<Integer> ready) {
        try {
            return ready.get(START_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new TidemillException(
                    ErrorCode.UNAVAILABLE,
                    "control: 'not ready' (expected: ready); its log is " + state.log("control"),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TidemillException(ErrorCode.UNAVAILABLE, "interrupted", e);
        }
    }

    private ControlClient client(int port) {
        return new ControlClient(http, URI.create("http://127.0.0.1:" + port));
    }
}
