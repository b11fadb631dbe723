package dev.tidemill.cli.record;

import dev.tidemill.common.TidemillException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Supplier;

/// Reads a gateway once a second and writes a trace, until it is told to stop.
public final class Recording implements Recorder {
    private final Supplier<Optional<URI>> gateway;
    private final GatewayCount counts;
    private final InstantSource clock;
    private final PrintStream out;
    private final TraceFile file;
    private final MinuteCounter minutes = new MinuteCounter();
    private boolean silent;

    /// @param gateway its admin listener now; empty while there is none
    /// @param model only requests of this one
    /// @param file that is written
    /// @param append whether to go on with a file that is there
    public Recording(
            Supplier<Optional<URI>> gateway,
            Optional<String> model,
            InstantSource clock,
            PrintStream out,
            Path file,
            boolean append) {
        this.gateway = gateway;
        this.counts =
                new GatewayCount(
                        HttpClient.newBuilder().connectTimeout(Duration.ofMillis(900)).build(),
                        model);
        this.clock = clock;
        this.out = out;
        this.file = TraceFile.open(file, append, Optional.of("minute,count"));
    }

    /// A gateway that does not answer leaves a hole.
    @Override
    public void read() {
        OptionalDouble total = total();
        if (total.isEmpty() != silent) {
            silent = total.isEmpty();
            out.println(
                    silent
                            ? "the gateway does not answer: a hole begins"
                            : "the gateway answers again");
        }
        if (total.isPresent()) {
            minutes.read(clock.millis(), total.getAsDouble())
                    .ifPresent(line -> {
                        file.line(line);
                        out.println(line);
                    });
        }
    }

    /// Whole minutes so far.
    public int lines() {
        return minutes.lines();
    }

    @Override
    public String written() {
        return "%d whole minutes".formatted(lines());
    }

    private OptionalDouble total() {
        try {
            Optional<URI> address = gateway.get();
            return address.isEmpty() ? OptionalDouble.empty() : counts.read(address.get());
        } catch (TidemillException e) {
            return OptionalDouble.empty();
        }
    }

    @Override
    public void close() {
        file.close();
    }
}
