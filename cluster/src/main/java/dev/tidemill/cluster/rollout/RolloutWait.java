package dev.tidemill.cluster.rollout;

import dev.tidemill.cluster.Cluster;
import dev.tidemill.cluster.ObjectRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// Waits until workloads run as they should, tells how far they are, and gives up as soon as it is
/// clear that they will not.
///
/// @param nanos a clock
/// @param told a line for people whenever something changed
public record RolloutWait(Cluster cluster, LongSupplier nanos, Pause pause, Consumer<String> told) {
    private static final Duration BETWEEN = Duration.ofMillis(400);

    /// Of every pod while it starts; worth telling only when it never stops.
    private static final String PROBE = "Unhealthy";

    /// So many looks in turn have to find something lasting: a pod may be between two states.
    private static final int SURE = 5;

    /// Waits.
    @FunctionalInterface
    public interface Pause {
        void of(Duration duration) throws InterruptedException;
    }

    /// @param limit of the whole wait
    /// @return what kept them from it; empty when all of them run
    public Optional<Failure> until(List<ObjectRef> workloads, Duration limit)
            throws InterruptedException {
        long end = nanos.getAsLong() + limit.toNanos();
        Map<String, String> said = new HashMap<>();
        Map<String, Integer> lasting = new HashMap<>();
        while (true) {
            List<Rollout> looks = new ArrayList<>();
            workloads.forEach(workload -> looks.add(look(workload)));
            looks.forEach(look -> tell(look, said));
            if (looks.stream().allMatch(Rollout::isDone)) {
                return Optional.empty();
            }
            List<Trouble> troubles = looks.stream().flatMap(l -> l.troubles().stream()).toList();
            lasting.keySet().retainAll(troubles.stream().map(Trouble::object).toList());
            boolean hopeless = false;
            for (Trouble trouble : troubles) {
                hopeless |=
                        trouble.lasting()
                                && lasting.merge(trouble.object(), 1, Integer::sum) >= SURE;
            }
            boolean late = nanos.getAsLong() - end >= 0;
            if (hopeless || late) {
                return Optional.of(
                        new Failure(
                                looks.stream().filter(look -> !look.isDone()).toList(), !hopeless));
            }
            pause.of(BETWEEN);
        }
    }

    /// @param late whether it was the time that ran out
    public record Failure(List<Rollout> open, boolean late) {}

    private Rollout look(ObjectRef workload) {
        if (workload.kind().equals("StatefulSet")) {
            for (ObjectRef pod : Rollout.stuck(cluster, workload)) {
                told.accept(
                        pod.id()
                                + ": deleted, for it never got ready and keeps its successor away");
                cluster.delete(pod);
            }
        }
        return Rollout.look(cluster, workload);
    }

    private void tell(Rollout look, Map<String, String> said) {
        say(look.object().id(), look.line(), said);
        look.troubles().stream()
                .filter(trouble -> !trouble.reason().equals(PROBE))
                .forEach(trouble -> say(trouble.object(), "  " + trouble, said));
    }

    private void say(String about, String line, Map<String, String> said) {
        if (!line.equals(said.put(about, line))) {
            told.accept(line);
        }
    }
}
