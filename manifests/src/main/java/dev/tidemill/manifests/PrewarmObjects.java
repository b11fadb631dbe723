package dev.tidemill.manifests;

import dev.tidemill.common.Digest;
import dev.tidemill.scaling.guard.CronSchedule;
import dev.tidemill.spec.cluster.PodSettings;
import dev.tidemill.spec.scaling.Scaling;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Schedules of a model or an app whose number of replicas an autoscaler of the cluster sets: at
/// the time of each a CronJob raises the least number of replicas, and another lowers it. Each run
/// works out what is right at that moment, so that a run that was missed, or runs whose times
/// overlap, do no harm; a Job does it once when schedules are new. The autoscaler's own manifest
/// does not say that number, so it has one owner.
final class PrewarmObjects {
    static final String COMPONENT = "prewarm";

    /// Where times cannot be said in one cron text.
    private static final String OFTEN = "*/5 * * * *";

    private static final int GRACE_SECONDS = 10;
    private static final int MOST_SECONDS = 300;

    private PrewarmObjects() {}

    /// Whose least number it is.
    ///
    /// @param floor what it is while no schedule counts
    record Autoscaler(String apiVersion, String kind, String plural, String name, int floor) {
        static Autoscaler hpa(Scope scope, Scaling scaling) {
            return new Autoscaler(
                    "autoscaling/v2",
                    "HorizontalPodAutoscaler",
                    "horizontalpodautoscalers",
                    scope.name(),
                    Math.max(1, scaling.min()));
        }

        static Autoscaler keda(Scope scope, Scaling scaling) {
            return new Autoscaler(
                    "keda.sh/v1alpha1",
                    "ScaledObject",
                    "scaledobjects",
                    scope.name(),
                    scaling.min());
        }

        private String group() {
            return apiVersion.substring(0, apiVersion.indexOf('/'));
        }
    }

    /// @param part whose replicas they are
    static List<KubeObject> of(
            Scope part, Autoscaler autoscaler, List<CronSchedule> schedules, Scaling scaling) {
        if (schedules.isEmpty()) {
            return List.of();
        }
        Scope scope =
                new Scope(
                        part.platform(),
                        Names.fit(part.name(), "-prewarm"),
                        COMPONENT,
                        part.more());
        List<CronSchedule> early =
                schedules.stream()
                        .map(schedule -> schedule.warming(scaling.replica().startUp()))
                        .toList();
        Map<String, Object> template = template(scope, autoscaler, early);
        List<KubeObject> objects = new ArrayList<>(rights(scope, autoscaler));
        objects.add(now(scope, template));
        times(early)
                .forEach((name, at) ->
                        objects.add(
                                cronJob(scope, Names.fit(scope.name(), "-" + name), at, template)));
        if (scope.environment().network().enabled()) {
            objects.add(policy(scope));
        }
        return objects;
    }

    private record Times(String cron, Optional<String> zone) {}

    /// By the end of a name.
    private static Map<String, Times> times(List<CronSchedule> schedules) {
        Map<String, Times> times = new LinkedHashMap<>();
        for (int i = 0; i < schedules.size(); i++) {
            CronSchedule schedule = schedules.get(i);
            Optional<String> begins = schedule.begins();
            Optional<String> ends = schedule.ends();
            if (begins.isEmpty() || ends.isEmpty()) {
                times.put("often", new Times(OFTEN, Optional.empty()));
            } else {
                Optional<String> zone = Optional.of(schedule.zone().getId());
                times.put((i + 1) + "-up", new Times(begins.get(), zone));
                times.put((i + 1) + "-down", new Times(ends.get(), zone));
            }
        }
        return times;
    }

    private static List<KubeObject> rights(Scope scope, Autoscaler autoscaler) {
        return Tree.joined(
                List.of(scope.serviceAccount()),
                Rbac.own(
                        scope,
                        List.of(
                                Rbac.rule(
                                        autoscaler.group(),
                                        autoscaler.plural(),
                                        List.of(autoscaler.name()),
                                        List.of("patch")))));
    }

    private static Map<String, Object> template(
            Scope scope, Autoscaler autoscaler, List<CronSchedule> schedules) {
        Map<String, Object> template =
                Pods.once(
                        Pods.template(
                                scope,
                                PodSettings.NONE,
                                Optional.empty(),
                                GRACE_SECONDS,
                                container(scope, autoscaler, schedules),
                                List.of(Pods.empty("tmp"))));
        Map<String, Object> spec = Tree.map(template.get("spec"));
        // It asks the API server for one thing, which its role allows.
        spec.put("automountServiceAccountToken", true);
        return Tree.with(template, Tree.of("spec", spec));
    }

    private static Map<String, Object> container(
            Scope scope, Autoscaler autoscaler, List<CronSchedule> schedules) {
        List<String> arguments = new ArrayList<>();
        arguments.add("prewarm");
        arguments.add("--autoscaler=" + autoscaler.kind() + "/" + autoscaler.name());
        arguments.add("--min=" + autoscaler.floor());
        schedules.forEach(schedule -> arguments.add("--schedule=" + schedule.text()));
        return Container.command(
                scope, scope.component(), arguments, List.of(Pods.mount("tmp", "/tmp")));
    }

    /// A Job cannot be changed: whatever is different in its pod makes it another Job.
    private static KubeObject now(Scope scope, Map<String, Object> template) {
        byte[] what = template.toString().getBytes(StandardCharsets.UTF_8);
        String hash = Digest.of(what).shortHex().substring(0, 8);
        return scope.named(
                Names.fit(scope.name(), "-" + hash), "batch/v1", "Job", "spec", job(template));
    }

    private static Map<String, Object> job(Map<String, Object> template) {
        return Tree.of(
                "backoffLimit", 6, "activeDeadlineSeconds", MOST_SECONDS, "template", template);
    }

    private static KubeObject cronJob(
            Scope scope, String name, Times times, Map<String, Object> template) {
        return scope.named(
                name,
                "batch/v1",
                "CronJob",
                "spec",
                Tree.of(
                        "schedule",
                        times.cron(),
                        "timeZone",
                        times.zone(),
                        "concurrencyPolicy",
                        "Forbid",
                        // Late is better than not at all: each run knows what is right then.
                        "startingDeadlineSeconds",
                        3600,
                        "successfulJobsHistoryLimit",
                        1,
                        "failedJobsHistoryLimit",
                        1,
                        "jobTemplate",
                        Tree.of("spec", job(template))));
    }

    private static KubeObject policy(Scope scope) {
        return NetworkObjects.policy(
                scope, List.of(), List.of(NetworkObjects.dns(), NetworkObjects.toApiServer()));
    }
}
