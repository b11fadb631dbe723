package dev.tidemill.cli.record;

import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/// Reads a gateway once a second and writes a trace, until it is told to stop.
public final class Recording implements Recorder {
    private final GatewayReader gateway;
    private final GatewayCount counts;
    private final InstantSource clock;
    private final PrintStream out;
    private final TraceFile file;
    private final MinuteCounter minutes = new MinuteCounter();

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
        this.gateway = new GatewayReader(gateway, out, "a hole begins");
        this.counts = new GatewayCount(model);
        this.clock = clock;
        this.out = out;
        this.file = TraceFile.open(file, append, Optional.of("minute,count"));
    }

    /// A gateway that does not answer leaves a hole.
    @Override
    public void read() {
        gateway.read("/metrics")
                .flatMap(metrics -> minutes.read(clock.millis(), counts.begun(metrics)))
                .ifPresent(line -> {
                    file.line(line);
                    out.println(line);
                });
    }

    /// Whole minutes so far.
    public int lines() {
        return minutes.lines();
    }

    @Override
    public String written() {
        return "%d whole minutes".formatted(lines());
    }

    @Override
    public void close() {
        file.close();
        gateway.close();
    }
}
