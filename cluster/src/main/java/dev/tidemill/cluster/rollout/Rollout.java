package dev.tidemill.cluster.rollout;

import dev.tidemill.cluster.Cluster;
import dev.tidemill.cluster.Fields;
import dev.tidemill.cluster.Kinds;
import dev.tidemill.cluster.ObjectRef;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// One look at how far a workload is, and at what is wrong with its newest pods.
///
/// @param progress empty when the workload is not there
public record Rollout(ObjectRef object, Optional<Progress> progress, List<Trouble> troubles) {
    private static final String REVISION = "deployment.kubernetes.io/revision";
    private static final String TEMPLATE = "pod-template-hash";
    private static final String CONTROLLER = "controller-revision-hash";
    private static final int LOG_LINES = 8;

    public Rollout {
        troubles = List.copyOf(troubles);
    }

    public boolean isDone() {
        return progress.filter(Progress::done).isPresent();
    }

    /// Such as `deployment/gateway: 1 of 2 ready`.
    public String line() {
        return progress.map(p ->
                        "%s: %d of %d ready%s"
                                .formatted(
                                        object.id(),
                                        p.ready(),
                                        p.wanted(),
                                        p.done() || p.ready() < p.wanted() ? "" : ", old pods end"))
                .orElse(object.id() + ": not there");
    }

    /// @param workload a Deployment or StatefulSet
    public static Rollout look(Cluster cluster, ObjectRef workload) {
        Optional<Fields> found = cluster.get(workload);
        if (found.isEmpty()) {
            return new Rollout(workload, Optional.empty(), List.of());
        }
        Progress progress = Progress.of(found.get());
        List<Trouble> troubles = new ArrayList<>();
        if (!progress.done()) {
            Progress.refused(found.get()).ifPresent(troubles::add);
            for (Fields pod : newest(cluster, workload, found.get())) {
                trouble(cluster, workload.namespace().orElseThrow(), pod).ifPresent(troubles::add);
            }
            if (progress.ready() == 0 && troubles.isEmpty()) {
                refusedByEvents(cluster, found.get()).ifPresent(troubles::add);
            }
        }
        return new Rollout(workload, Optional.of(progress), troubles);
    }

    /// A StatefulSet does not replace a pod that never became ready, not even by the one that
    /// would: its pods of an older template that are not ready.
    public static List<ObjectRef> stuck(Cluster cluster, ObjectRef statefulSet) {
        Optional<Fields> found = cluster.get(statefulSet);
        if (found.isEmpty()
                || found.get().number("status", "observedGeneration")
                        < found.get().number("metadata", "generation")) {
            return List.of();
        }
        String newest = found.get().text("status", "updateRevision");
        String in = statefulSet.namespace().orElseThrow();
        return pods(cluster, in, found.get()).stream()
                .filter(pod -> !pod.label(CONTROLLER).equals(newest))
                .filter(pod -> !PodTroubles.isReady(pod) && !PodTroubles.isEnding(pod))
                .map(pod -> Kinds.ref("v1", "Pod", in, pod.name()))
                .toList();
    }

    /// Why one pod is not ready, with the end of its log when it crashed.
    public static Optional<Trouble> trouble(Cluster cluster, String in, Fields pod) {
        if (PodTroubles.isReady(pod) || PodTroubles.isEnding(pod)) {
            return Optional.empty();
        }
        Optional<Trouble> trouble = PodTroubles.of(pod, List.of());
        if (trouble.isEmpty()) {
            trouble = PodTroubles.of(pod, events(cluster, in, pod));
        }
        Optional<Fields> crashed = PodTroubles.crashed(pod);
        return trouble.map(found ->
                crashed.isEmpty() || !found.log().isEmpty()
                        ? found
                        : found.with(log(cluster, in, pod, crashed.get())));
    }

    private static List<String> log(Cluster cluster, String in, Fields pod, Fields container) {
        boolean previous = container.at("state", "terminated").isEmpty();
        return cluster.log(in, pod.name(), container.text("name"), LOG_LINES, previous);
    }

    private static List<Fields> newest(Cluster cluster, ObjectRef ref, Fields workload) {
        String in = ref.namespace().orElseThrow();
        List<Fields> pods = pods(cluster, in, workload);
        if (ref.kind().equals("StatefulSet")) {
            String revision = workload.text("status", "updateRevision");
            return pods.stream().filter(pod -> pod.label(CONTROLLER).equals(revision)).toList();
        }
        String revision = workload.text("metadata", "annotations", REVISION);
        List<String> hashes =
                cluster.list("apps/v1", "ReplicaSet", in, selector(workload)).stream()
                        .filter(set ->
                                set.text("metadata", "annotations", REVISION).equals(revision))
                        .map(set -> set.label(TEMPLATE))
                        .toList();
        return pods.stream().filter(pod -> hashes.contains(pod.label(TEMPLATE))).toList();
    }

    private static List<Fields> pods(Cluster cluster, String in, Fields workload) {
        return cluster.list("v1", "Pod", in, selector(workload));
    }

    private static Map<String, String> selector(Fields workload) {
        return new LinkedHashMap<>(workload.child("spec", "selector", "matchLabels").texts());
    }

    /// A StatefulSet has no condition for it.
    private static Optional<Trouble> refusedByEvents(Cluster cluster, Fields workload) {
        String in = workload.text("metadata", "namespace");
        return events(cluster, in, workload).stream()
                .filter(event -> event.text("reason").equals("FailedCreate"))
                .reduce((_, last) -> last)
                .map(event ->
                        new Trouble(
                                "%s/%s"
                                        .formatted(
                                                workload.text("kind").toLowerCase(Locale.ROOT),
                                                workload.name()),
                                "FailedCreate",
                                event.text("message"),
                                true,
                                List.of()));
    }

    /// Of this one: the one before may have had the same name.
    private static List<Fields> events(Cluster cluster, String in, Fields object) {
        String uid = object.text("metadata", "uid");
        return cluster.list("v1", "Event", in, Map.of()).stream()
                .filter(event -> event.text("involvedObject", "uid").equals(uid))
                .toList();
    }
}
