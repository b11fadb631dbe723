package dev.tidemill.cli.command;

import dev.tidemill.cli.record.Recorder;
import dev.tidemill.cli.record.Recording;
import dev.tidemill.cli.record.RequestRecording;
import dev.tidemill.cli.state.StateFolder;
import dev.tidemill.cli.up.RunningUp;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.common.process.StopSignal;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "record",
        description =
                "Write live traffic as a trace until Ctrl-C: requests counted by minute, of which only"
                        + " whole ones are written, or every request.",
        sortOptions = false)
final class RecordCommand implements Callable<Integer> {
    @Mixin private DataOption data = new DataOption();

    @Option(
            names = {"-o", "--out"},
            required = true,
            paramLabel = "FILE",
            description = "The trace: minute,count, or JSON lines of requests.")
    private Path file = Path.of("");

    @Option(
            names = "--requests",
            description =
                    "Every request with its time, model, tokens and milliseconds, but nothing of what it"
                            + " says, so that a rehearsal can play them one by one.")
    private boolean requests;

    @Option(names = "--append", description = "Go on with a trace that is there.")
    private boolean append;

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description = "Only its requests. Default: all.")
    private Optional<String> model = Optional.empty();

    @Option(
            names = "--gateway",
            paramLabel = "URL",
            description =
                    "Admin listener of a gateway, such as http://127.0.0.1:40111. Default: that of"
                            + " the running up.")
    private Optional<String> gateway = Optional.empty();

    private final PrintStream out;
    private final InstantSource clock;

    RecordCommand(PrintStream out, InstantSource clock) {
        this.out = out;
        this.clock = clock;
    }

    @Override
    public Integer call() throws InterruptedException {
        Supplier<Optional<URI>> address = address();
        try (StopSignal stop = StopSignal.install();
                Recorder recording = recorder(address);
                ScheduledExecutorService seconds =
                        Executors.newSingleThreadScheduledExecutor(
                                Thread.ofPlatform().daemon().name("record").factory())) {
            var ended =
                    seconds.scheduleAtFixedRate(recording::read, 0, 1_000, TimeUnit.MILLISECONDS);
            // A file that cannot be written any more ends it too.
            Thread.ofVirtual()
                    .start(() -> {
                        try {
                            ended.get();
                        } catch (Exception _) {
                            stop.ask();
                        }
                    });
            stop.await();
            seconds.shutdownNow();
            boolean quiet = seconds.awaitTermination(5, TimeUnit.SECONDS);
            out.println("%s: %s".formatted(file, recording.written()));
            if (ended.state() == Future.State.FAILED
                    && ended.exceptionNow() instanceof RuntimeException failure) {
                throw failure;
            }
            return quiet ? 0 : 1;
        }
    }

    private Recorder recorder(Supplier<Optional<URI>> address) {
        return requests
                ? new RequestRecording(address, model, out, file, append)
                : new Recording(address, model, clock, out, file, append);
    }

    /// Asked each second: a gateway that was started anew listens elsewhere.
    private Supplier<Optional<URI>> address() {
        if (gateway.isPresent()) {
            URI given = admin(gateway.get());
            return () -> Optional.of(given);
        }
        StateFolder folder = data.folder();
        var _ = Needed.running(folder);
        return () ->
                RunningUp.in(folder)
                        .map(up -> up.ask(Map.of("command", "gateway")).path("adminPort").asInt(0))
                        .filter(port -> port > 0)
                        .map(port -> URI.create("http://127.0.0.1:" + port));
    }

    private static URI admin(String text) {
        try {
            URI address = URI.create(text);
            if ("http".equals(address.getScheme()) && address.getHost() != null) {
                return address;
            }
        } catch (IllegalArgumentException _) {
            // Said below.
        }
        throw new TidemillException(
                ErrorCode.INVALID_REQUEST,
                "--gateway: '%s' (expected: an address such as http://127.0.0.1:40111)"
                        .formatted(text));
    }
}
