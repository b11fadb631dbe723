package dev.tidemill.operator.kube;

import dev.tidemill.operator.act.Decision.Residue;
import dev.tidemill.operator.act.ObjectKey;
import dev.tidemill.operator.act.Observed;
import dev.tidemill.operator.plan.Declared;
import dev.tidemill.operator.plan.Owner;
import dev.tidemill.operator.plan.Plan;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/// What is remembered of a namespace between two looks at it, only to spare calls: without it the
/// same would be decided. One thread at a time uses it.
final class Memory {
    /// A watch that is later than that has lost what was written.
    private static final long PATIENCE_NANOS = 10_000_000_000L;

    /// How long whoever applies several resources may take from the first to the last.
    private static final long YOUNG_NANOS = 1_000_000_000L;

    private final LongSupplier nanos;
    private final Map<ObjectKey, Residue> residues = new HashMap<>();
    private final Map<ObjectKey, Fresh> fresh = new HashMap<>();
    private final Map<Owner, Map<String, Object>> statuses = new HashMap<>();
    private final Map<ObjectKey, String> unwatched = new HashMap<>();
    private Map<Owner, String> uids = Map.of();
    private List<Declared> declared = List.of();
    private long declaredAtNanos;
    private Optional<Plan> plan = Optional.empty();
    private final Set<String> secrets = new HashSet<>();

    Memory(LongSupplier nanos) {
        this.nanos = nanos;
    }

    private record Fresh(Observed observed, long atNanos) {}

    /// The plan of the same resources, if that was the last.
    Optional<Plan> plan(List<Declared> now) {
        return now.equals(declared) ? plan : Optional.empty();
    }

    void plan(List<Declared> now, Plan made) {
        declared = now;
        declaredAtNanos = nanos.getAsLong();
        plan = Optional.of(made);
    }

    /// Whether what is declared was something else a moment ago.
    boolean isYoung() {
        return nanos.getAsLong() - declaredAtNanos < YOUNG_NANOS;
    }

    Map<ObjectKey, Residue> residues() {
        return residues;
    }

    void applied(ObjectKey key, Residue residue, Observed after) {
        residues.put(key, residue);
        fresh.put(key, new Fresh(after, nanos.getAsLong()));
    }

    void deleted(ObjectKey key) {
        residues.remove(key);
        fresh.remove(key);
    }

    /// What was written and has not come back through the watch is as it was written.
    void overlay(Map<ObjectKey, Observed> watched) {
        long now = nanos.getAsLong();
        fresh.entrySet()
                .removeIf(entry -> {
                    Observed seen = watched.get(entry.getKey());
                    boolean came = seen != null && !isOlder(seen, entry.getValue().observed());
                    return came || now - entry.getValue().atNanos() > PATIENCE_NANOS;
                });
        fresh.forEach((key, written) -> watched.put(key, written.observed()));
    }

    /// Whether something is written that the watch has yet to show.
    boolean waits() {
        return !fresh.isEmpty();
    }

    private static boolean isOlder(Observed one, Observed other) {
        try {
            return Long.parseLong(one.version()) < Long.parseLong(other.version());
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /// As it was last written; what the watch shows may be older.
    Optional<Map<String, Object>> status(Owner owner) {
        return Optional.ofNullable(statuses.get(owner));
    }

    void status(Owner owner, Map<String, Object> status) {
        statuses.put(owner, status);
    }

    /// Of those that are there, not of others that had their names.
    void keepStatusesOf(List<Declared> resources) {
        Map<Owner, String> now = new HashMap<>();
        resources.forEach(one -> now.put(one.owner(), one.uid()));
        statuses.keySet().removeIf(owner -> !Objects.equals(now.get(owner), uids.get(owner)));
        uids = now;
    }

    /// Once each.
    boolean needsSecret(String name) {
        return !secrets.contains(name);
    }

    void madeSecret(String name) {
        secrets.add(name);
    }

    /// It was refused, and is new the next time.
    void forget(ObjectKey key) {
        unwatched.remove(key);
    }

    /// @return whether that is new
    boolean isNew(ObjectKey key, String digest) {
        return !digest.equals(unwatched.put(key, digest));
    }
}
