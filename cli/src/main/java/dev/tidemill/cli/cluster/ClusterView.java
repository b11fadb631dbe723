package dev.tidemill.cli.cluster;

import dev.tidemill.cluster.Cluster;
import dev.tidemill.cluster.Fields;
import dev.tidemill.cluster.Kinds;
import dev.tidemill.cluster.apply.Applier;
import dev.tidemill.cluster.apply.Release;
import dev.tidemill.cluster.rollout.PodTroubles;
import dev.tidemill.cluster.rollout.Progress;
import dev.tidemill.cluster.rollout.Rollout;
import dev.tidemill.cluster.rollout.Trouble;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// What runs in a namespace now.
public record ClusterView(Cluster cluster) {
    private static final String COMPONENT = "app.kubernetes.io/component";
    private static final String INSTANCE = "app.kubernetes.io/instance";

    /// As `status` prints it; the same names as on a laptop where the same is meant.
    ///
    /// @param state `ready`, `starting` or `down`
    /// @param release that was applied last; 0 when nobody knows
    public record Status(
            String state,
            String cluster,
            String namespace,
            int release,
            List<Part> parts,
            List<ProcessStatus> processes) {}

    /// A Deployment or StatefulSet.
    public record Part(String role, String name, long ready, long wanted, String version) {}

    /// @param state `ready`, `starting` or `stopping`
    /// @param reason why it is not ready; empty when it is
    public record ProcessStatus(
            String role,
            String name,
            String part,
            String node,
            long restarts,
            String state,
            String reason) {}

    public Status status() {
        List<Part> parts = parts();
        List<ProcessStatus> processes = pods().stream().map(this::process).toList();
        boolean ready = parts.stream().allMatch(part -> part.ready() >= part.wanted());
        return new Status(
                parts.isEmpty() ? "down" : ready ? "ready" : "starting",
                cluster.server(),
                cluster.namespace(),
                ClusterWork.releases(cluster).all().stream()
                        .findFirst()
                        .map(Release::number)
                        .orElse(0),
                parts,
                processes);
    }

    /// The pods of a process, a part or a role by that name; all when none is given.
    public List<Fields> pods(Optional<String> named) {
        List<Fields> all = pods();
        List<Fields> found =
                all.stream()
                        .filter(pod ->
                                named.isEmpty()
                                        || List.of(
                                                        pod.name(),
                                                        pod.label(INSTANCE),
                                                        pod.label(COMPONENT))
                                                .contains(named.get()))
                        .toList();
        if (found.isEmpty()) {
            throw new TidemillException(
                    ErrorCode.NOT_FOUND,
                    "process: '%s' (expected: %s)"
                            .formatted(
                                    named.orElse("any"),
                                    all.isEmpty()
                                            ? "one that runs in namespace %s of %s; nothing does"
                                                    .formatted(
                                                            cluster.namespace(), cluster.server())
                                            : "one of "
                                                    + all.stream()
                                                            .map(Fields::name)
                                                            .collect(Collectors.joining(", "))));
        }
        return found;
    }

    /// One that is ready.
    public Fields ready(String role) {
        return pods(Optional.of(role)).stream()
                .filter(pod -> PodTroubles.isReady(pod) && !PodTroubles.isEnding(pod))
                .findFirst()
                .orElseThrow(() ->
                        new TidemillException(
                                ErrorCode.UNAVAILABLE,
                                "%s: 'not ready' (expected: a ready pod in namespace %s; see"
                                                .formatted(role, cluster.namespace())
                                        + " 'tidemill status --cluster')"));
    }

    private List<Part> parts() {
        List<Part> parts = new ArrayList<>();
        for (String kind : List.of("StatefulSet", "Deployment")) {
            for (Fields one : cluster.list("apps/v1", kind, cluster.namespace(), Applier.OURS)) {
                Progress progress =
                        Rollout.look(
                                        cluster,
                                        Kinds.ref("apps/v1", kind, cluster.namespace(), one.name()))
                                .progress()
                                .orElse(new Progress(0, 0, false));
                parts.add(
                        new Part(
                                one.label(COMPONENT),
                                one.name(),
                                progress.ready(),
                                progress.wanted(),
                                one.label("app.kubernetes.io/version")));
            }
        }
        return parts;
    }

    private List<Fields> pods() {
        return cluster.list("v1", "Pod", cluster.namespace(), Applier.OURS).stream()
                .sorted(Comparator.comparing(Fields::name))
                .toList();
    }

    private ProcessStatus process(Fields pod) {
        Optional<Trouble> trouble = Rollout.trouble(cluster, cluster.namespace(), pod);
        return new ProcessStatus(
                pod.label(COMPONENT),
                pod.name(),
                pod.label(INSTANCE),
                pod.text("spec", "nodeName"),
                pod.children("status", "containerStatuses").stream()
                        .mapToLong(container -> container.number("restartCount"))
                        .sum(),
                PodTroubles.isEnding(pod)
                        ? "stopping"
                        : PodTroubles.isReady(pod) ? "ready" : "starting",
                trouble.map(t -> t.reason() + ": " + t.message()).orElse(""));
    }
}
