package dev.tidemill.gateway.forward;

import dev.tidemill.gateway.canary.LiveCanary;
import dev.tidemill.gateway.canary.SideCounts;
import dev.tidemill.gateway.table.Destination;
import dev.tidemill.gateway.table.ReplicaTable;
import dev.tidemill.routing.canary.CanarySplit;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// The targets of one destination in the order in which one request asks them: by weight or by the
/// rollout's share, those first that can be reached. Used by one thread, once.
public final class Turns {
    private final Destination stage;
    private final LiveCanary.@Nullable Step rollout;
    private final double at;
    private final int usable;
    private final BitSet tried = new BitSet();

    public Turns(Destination stage, Traits traits) {
        LiveCanary canary = stage.canary();
        int count = stage.targets().size();
        this.stage = stage;
        this.at = traits.split(stage);
        this.rollout = canary == null ? null : canary.step();
        this.usable = rollout != null && rollout.share() <= 0 ? count - 1 : count;
    }

    /// The destination, and after it those of its fallbacks that there are.
    public static List<Destination> stages(ReplicaTable table, Destination first) {
        List<Destination> stages = new ArrayList<>(1 + first.fallback().size());
        stages.add(first);
        for (String name : first.fallback()) {
            Destination next = table.route(name);
            if (next != null) {
                stages.add(next);
            }
        }
        return stages;
    }

    /// Who is asked now.
    ///
    /// @param reachable whether it is worth asking first
    /// @return its place among the targets; -1 when all have been asked
    public int next(IntPredicate reachable) {
        int index = pick(i -> !tried.get(i) && reachable.test(i));
        if (index < 0) {
            index = pick(i -> !tried.get(i));
        }
        if (index >= 0) {
            tried.set(index);
        }
        return index;
    }

    /// Whether there are more after the one that was asked last.
    public boolean hasMore() {
        return tried.cardinality() < usable;
    }

    /// It is asked once more.
    public void again(int index) {
        tried.clear(index);
    }

    /// Where a rollout counts what a target does; null without one.
    public @Nullable SideCounts side(int index) {
        return rollout == null ? null : rollout.of(isCanary(index));
    }

    /// A side that is left alone for failing would otherwise never be seen to fail.
    ///
    /// @param leftAlone whether all replicas of a target, which has some, are
    public void countLeftAlone(IntPredicate leftAlone) {
        if (rollout == null) {
            return;
        }
        int last = stage.targets().size() - 1;
        boolean canary = pick(_ -> true) == last;
        for (int i = canary ? last : 0; i < (canary ? last + 1 : last); i++) {
            if (!leftAlone.test(i)) {
                return;
            }
        }
        rollout.of(canary).failed();
    }

    private boolean isCanary(int index) {
        return index == stage.targets().size() - 1;
    }

    private int pick(IntPredicate wanted) {
        return rollout == null
                ? stage.split().pick(at, wanted)
                : new CanarySplit(stage.split()).pick(rollout.share(), at, wanted);
    }
}
