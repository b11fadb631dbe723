package dev.tidemill.server.repository;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Every model that is known by name, whether it is served or not. Readers never wait. A name stays
/// once it is here, except where [#changed] finds that there was never anything behind it.
final class Entries {
    private static final int MAX_NAMES = 10;

    private final ModelLoader loader;
    private final LoadThreads threads;
    private final NativeHeap heap = new NativeHeap();

    /// Those that are under way.
    @GuardedBy("this")
    private final Map<ModelEntry, Change> changes = new HashMap<>();

    /// In the order they came. Replaced as a whole.
    private volatile Map<String, ModelEntry> byName = Map.of();

    /// Until what is to be served from the start was looked for: who is not known yet may come.
    private volatile boolean starting;

    /// @param fresh whether nobody knew the entry before
    private record Change(int count, boolean fresh) {}

    Entries(ModelLoader loader, LoadThreads threads) {
        this.loader = loader;
        this.threads = threads;
    }

    void starting(boolean now) {
        starting = now;
    }

    /// The entry of that name, made when there is none.
    synchronized ModelEntry get(String name) {
        ModelEntry entry = byName.get(name);
        if (entry == null) {
            entry = new ModelEntry(name, loader, threads, heap, new StepModels(new Leases(this)));
            Map<String, ModelEntry> more = new LinkedHashMap<>(byName);
            more.put(name, entry);
            byName = more;
        }
        return entry;
    }

    /// Changes an entry that nobody may know yet. While that goes on the entry stays.
    ///
    /// @param lasting whether a name that was new is kept without a version that is ready
    void changed(String name, BooleanSupplier lasting, Consumer<ModelEntry> change) {
        ModelEntry entry = begin(name);
        try {
            change.accept(entry);
        } finally {
            end(entry, !entry.view().ready().isEmpty() || lasting.getAsBoolean());
        }
    }

    private synchronized ModelEntry begin(String name) {
        boolean fresh = !byName.containsKey(name);
        ModelEntry entry = get(name);
        changes.compute(
                entry,
                (_, before) ->
                        before == null
                                ? new Change(1, fresh)
                                : new Change(before.count + 1, before.fresh));
        return entry;
    }

    private synchronized void end(ModelEntry entry, boolean lasting) {
        Change before = Objects.requireNonNull(changes.remove(entry));
        Change rest = new Change(before.count - 1, before.fresh && !lasting);
        if (rest.count > 0) {
            changes.put(entry, rest);
        } else if (rest.fresh && entry.view().ready().isEmpty()) {
            Map<String, ModelEntry> fewer = new LinkedHashMap<>(byName);
            fewer.remove(entry.name());
            byName = fewer;
        }
    }

    /// @throws TidemillException `MODEL_NOT_FOUND`; `UNAVAILABLE` while the server starts, so that
    ///   whoever asked goes to another one
    ModelEntry known(String name) {
        boolean early = starting;
        Map<String, ModelEntry> now = byName;
        ModelEntry entry = now.get(name);
        if (entry == null && early) {
            throw new TidemillException(
                    ErrorCode.UNAVAILABLE,
                    "model: '%s' (expected: a server that has started; this one is at it)"
                            .formatted(name));
        }
        if (entry == null) {
            throw new TidemillException(
                    ErrorCode.MODEL_NOT_FOUND,
                    "model: '%s' (expected: one of %s)".formatted(name, few(now.keySet())));
        }
        return entry;
    }

    /// What is known of a model; empty when there is none of that name.
    Optional<ModelView> view(String name) {
        return Optional.ofNullable(byName.get(name)).map(ModelEntry::view);
    }

    Collection<ModelEntry> all() {
        return byName.values();
    }

    /// For messages.
    static String few(Collection<String> names) {
        String shown = names.stream().limit(MAX_NAMES).collect(Collectors.joining(", ", "[", "]"));
        return names.size() > MAX_NAMES ? shown + " and more" : shown;
    }
}
