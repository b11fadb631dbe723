package dev.tidemill.cli.registry;

import dev.tidemill.common.TidemillException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Asks a registry from time to time which versions its aliases mean, and brings the new ones. One
/// that cannot be brought is tried again, ever less often.
public final class RegistryFollower implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(RegistryFollower.class.getName());
    private static final int MOST_LOOKS = 64;

    private final RegistryPull pull;
    private final Map<RegistryModel, Trouble> troubles = new HashMap<>();
    private final Thread thread;

    /// @param message the last one
    /// @param pause how many looks are passed over after it
    /// @param left of those
    private record Trouble(String message, int pause, int left) {}

    /// @param interval between two looks
    public RegistryFollower(RegistryPull pull, Duration interval) {
        this.pull = pull;
        this.thread = Thread.ofPlatform().daemon().name("registry").start(() -> follow(interval));
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void follow(Duration interval) {
        List<RegistryModel> moving = pull.models().stream().filter(RegistryModel::moves).toList();
        try {
            while (!moving.isEmpty()) {
                Thread.sleep(interval);
                moving.forEach(this::look);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look(RegistryModel model) {
        Trouble before = troubles.get(model);
        if (before != null && before.left() > 0) {
            troubles.put(model, new Trouble(before.message(), before.pause(), before.left() - 1));
            return;
        }
        try {
            pull.pull(model)
                    .ifPresent(version ->
                            LOGGER.log(
                                    System.Logger.Level.INFO,
                                    "registry: %s is version %d now".formatted(model, version)));
            troubles.remove(model);
        } catch (TidemillException | UncheckedIOException e) {
            String message = String.valueOf(e.getMessage());
            if (before == null || !before.message().equals(message)) {
                LOGGER.log(
                        System.Logger.Level.WARNING,
                        "registry: %s stays as it is: %s".formatted(model, message));
            }
            int pause = before == null ? 1 : Math.min(2 * before.pause(), MOST_LOOKS);
            troubles.put(model, new Trouble(message, pause, pause));
        }
    }
}
