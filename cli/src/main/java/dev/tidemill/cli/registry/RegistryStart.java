package dev.tidemill.cli.registry;

import dev.tidemill.common.TidemillException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// The first pull, repeated while the registry is not there or does not have the models yet: on a
/// cluster everything starts at once.
///
/// @param nanos a clock
/// @param lines for people
public record RegistryStart(LongSupplier nanos, Pause pause, Consumer<String> lines) {
    private static final Duration BETWEEN = Duration.ofSeconds(1);

    /// Waits.
    @FunctionalInterface
    public interface Pause {
        void of(Duration duration) throws InterruptedException;
    }

    /// @param patience how long to try
    /// @throws TidemillException what was wrong the last time
    public void pull(RegistryPull pull, Duration patience) throws InterruptedException {
        first(pull::start, patience).forEach(lines);
    }

    List<String> first(Supplier<List<String>> pull, Duration patience) throws InterruptedException {
        long end = nanos.getAsLong() + patience.toNanos();
        String said = "";
        while (true) {
            try {
                return pull.get();
            } catch (TidemillException e) {
                if (!mayPass(e) || nanos.getAsLong() - end >= 0) {
                    throw e;
                }
                String message = String.valueOf(e.getMessage());
                if (!message.equals(said)) {
                    lines.accept("waiting: " + message);
                    said = message;
                }
                pause.of(BETWEEN);
            }
        }
    }

    private static boolean mayPass(TidemillException e) {
        return switch (e.code()) {
            case UPSTREAM_FAILED, NOT_FOUND, MODEL_NOT_FOUND, OVERLOADED, UNAVAILABLE -> true;
            default -> false;
        };
    }
}
