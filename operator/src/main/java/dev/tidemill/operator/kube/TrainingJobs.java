package dev.tidemill.operator.kube;

import dev.tidemill.manifests.KubeObject;
import dev.tidemill.operator.act.Wanted;
import dev.tidemill.operator.plan.Declared;
import dev.tidemill.operator.plan.Owner;
import dev.tidemill.operator.plan.Plan;
import dev.tidemill.operator.status.JobState;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The Jobs of a namespace's trainings: which may begin, and how they are.
record TrainingJobs(Seen seen, Plan plan) {
    private static final int MOST_WORDS = 500;

    /// Empty for what is run as no Job.
    Optional<JobState> of(Declared training) {
        return name(training.owner())
                .map(name -> {
                    Optional<GenericKubernetesResource> job = job(name);
                    Map<String, Object> tree =
                            job.map(GenericKubernetesResource::getAdditionalProperties)
                                    .orElse(Map.of());
                    return new JobState(
                            name,
                            job.isPresent() ? List.of() : waitsFor(training),
                            job.isPresent(),
                            is(tree, "Complete"),
                            failure(tree),
                            Look.number(tree, 0, "status", "failed"),
                            lastWords(name));
                });
    }

    /// The Job is not made before those that the training comes after have ended well.
    boolean mayBegin(Declared training) {
        return name(training.owner()).flatMap(this::job).isPresent()
                || waitsFor(training).isEmpty();
    }

    private List<String> waitsFor(Declared training) {
        List<String> waits = new ArrayList<>();
        if (training.spec().get("after") instanceof List<?> after) {
            for (Object other : after) {
                Owner owner = new Owner("Training", String.valueOf(other));
                boolean done =
                        name(owner)
                                .map(name ->
                                        job(name)
                                                .filter(job ->
                                                        is(
                                                                job.getAdditionalProperties(),
                                                                "Complete"))
                                                .isPresent())
                                // One without a Job is somebody else's to run.
                                .orElse(!plan.isLeft(owner));
                if (!done) {
                    waits.add(owner.toString());
                }
            }
        }
        return waits;
    }

    private Optional<String> name(Owner owner) {
        return plan.objects().getOrDefault(owner, List.of()).stream()
                .filter(object -> object.kind().equals(Kinds.JOB.kind()))
                .map(KubeObject::name)
                .findFirst();
    }

    private Optional<GenericKubernetesResource> job(String name) {
        return seen.list(Kinds.JOB).stream()
                .filter(job -> job.getMetadata().getName().equals(name))
                .filter(job -> Wanted.LABEL_VALUE.equals(label(job, Wanted.LABEL)))
                .findFirst();
    }

    private static Optional<String> failure(Map<String, Object> job) {
        return Look.condition(job, "Failed")
                .filter(one -> Look.text(one, "status").equals("True"))
                .map(one -> Look.text(one, "reason") + ", " + Look.text(one, "message"));
    }

    private static boolean is(Map<String, Object> job, String type) {
        return Look.condition(job, type)
                .filter(one -> Look.text(one, "status").equals("True"))
                .isPresent();
    }

    /// Of the pod that was made last among those that ended badly.
    private String lastWords(String job) {
        String words =
                seen.list(Kinds.POD).stream()
                        .filter(pod -> job.equals(label(pod, "app.kubernetes.io/instance")))
                        .sorted(
                                Comparator.comparing((GenericKubernetesResource pod) ->
                                                Optional.ofNullable(
                                                                pod.getMetadata()
                                                                        .getCreationTimestamp())
                                                        .orElse(""))
                                        .reversed())
                        .flatMap(pod ->
                                Look.list(
                                        pod.getAdditionalProperties(),
                                        "status",
                                        "containerStatuses")
                                        .stream())
                        .map(one -> Look.text(one, "state", "terminated", "message").strip())
                        .filter(text -> !text.isEmpty())
                        .findFirst()
                        .orElse("");
        return words.substring(Math.max(0, words.length() - MOST_WORDS));
    }

    private static String label(GenericKubernetesResource item, String key) {
        Map<String, String> labels = item.getMetadata().getLabels();
        return labels == null ? "" : labels.getOrDefault(key, "");
    }
}
