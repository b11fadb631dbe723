package dev.tidemill.server.repository;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Looks at the folders from time to time. What has just changed may be half-written: it counts
/// when the next look finds the same.
final class Poll implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(ModelRepository.class.getName());

    private final Entries entries;
    private final Catalogue catalogue;
    private final Duration interval;

    /// Held while changes are applied, which can take long. Requests never wait for it.
    private final ReentrantLock looking = new ReentrantLock(true);

    @GuardedBy("looking")
    private final Map<String, FoundModel> applied = new HashMap<>();

    @GuardedBy("looking")
    private Map<String, FoundModel> before = Map.of();

    private volatile @Nullable Thread thread;

    Poll(Entries entries, Catalogue catalogue, Duration interval) {
        this.entries = entries;
        this.catalogue = catalogue;
        this.interval = interval;
    }

    /// What was served at the start.
    void seen(Map<String, FoundModel> found) {
        looking.lock();
        try {
            applied.putAll(found);
            before = found;
        } finally {
            looking.unlock();
        }
    }

    void start() {
        Thread started =
                Thread.ofPlatform().daemon().name("repository-poll").unstarted(this::follow);
        thread = started;
        started.start();
    }

    /// Does something that no look comes between.
    void pausedFor(Runnable change) {
        looking.lock();
        try {
            change.run();
        } finally {
            looking.unlock();
        }
    }

    /// Once.
    void look() {
        looking.lock();
        try {
            lookNow();
        } finally {
            looking.unlock();
        }
    }

    @GuardedBy("looking")
    private void lookNow() {
        Map<String, FoundModel> now = catalogue.scan().orElse(null);
        if (now == null) {
            return;
        }
        Set<String> names = new LinkedHashSet<>(applied.keySet());
        names.addAll(now.keySet());
        for (String name : names) {
            FoundModel found = now.get(name);
            if (!Objects.equals(found, before.get(name))
                    || Objects.equals(found, applied.get(name))) {
                continue;
            }
            if (found == null) {
                applied.remove(name);
                entries.get(name).unload("gone from the repository");
            } else {
                applied.put(name, found);
                apply(found);
            }
        }
        before = now;
    }

    @Override
    public void close() {
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }

    private void apply(FoundModel found) {
        for (String warning : found.config().warnings()) {
            LOGGER.log(
                    System.Logger.Level.WARNING, "model %s: %s".formatted(found.name(), warning));
        }
        entries.changed(
                found.name(),
                () -> true,
                entry -> {
                    entry.announce();
                    entry.serve(() -> found, catalogue.policy(found.name()).orElse(null), false);
                });
    }

    private void follow() {
        try {
            while (true) {
                Thread.sleep(interval);
                try {
                    look();
                } catch (RuntimeException e) {
                    LOGGER.log(System.Logger.Level.ERROR, "looking at the repository", e);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
