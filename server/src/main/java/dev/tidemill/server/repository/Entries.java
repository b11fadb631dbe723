package dev.tidemill.server.repository;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Every model that is known by name, whether it is served or not. Grows only; readers never wait.
final class Entries {
    private static final int MAX_NAMES = 10;

    private final ModelLoader loader;
    private final LoadThreads threads;
    private final NativeHeap heap = new NativeHeap();

    /// In the order they came. Replaced as a whole.
    private volatile Map<String, ModelEntry> byName = Map.of();

    Entries(ModelLoader loader, LoadThreads threads) {
        this.loader = loader;
        this.threads = threads;
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

    /// @throws TidemillException `MODEL_NOT_FOUND`
    ModelEntry known(String name) {
        Map<String, ModelEntry> now = byName;
        ModelEntry entry = now.get(name);
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
