package dev.tidemill.operator.kube;

import dev.tidemill.manifests.KubeObject;
import dev.tidemill.operator.plan.Declared;
import dev.tidemill.operator.plan.Owner;
import dev.tidemill.operator.plan.Plan;
import dev.tidemill.operator.status.Ended;
import dev.tidemill.operator.status.JobState;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The Jobs of a namespace's trainings: which may begin, and how they are. That one has ended is
/// told by its Job, or by the status where that has gone.
///
/// @param statuses as they were written last
record TrainingJobs(Seen seen, Plan plan, Map<Owner, Map<String, Object>> statuses) {
    /// Empty for what is run as no Job.
    Optional<JobState> of(Declared training) {
        return name(training.owner(), Kinds.JOB)
                .map(name -> {
                    Optional<GenericKubernetesResource> job = find(Kinds.JOB, name);
                    Optional<GenericKubernetesResource> trainJob = trainJob(training.owner());
                    Optional<String> running = job.or(() -> trainJob).map(TrainingJobs::id);
                    return new JobState(
                            name,
                            running.isPresent() ? List.of() : waitsFor(training),
                            running,
                            ended(training.owner(), name),
                            job.map(one ->
                                            Look.number(
                                                    one.getAdditionalProperties(),
                                                    0,
                                                    "status",
                                                    "failed"))
                                    .orElse(0),
                            LastWords.of(seen, name));
                });
    }

    /// What is to be there of a training's objects now: the Job not before those that the training
    /// comes after have ended well, nor before its TrainJob has; and nothing once it has ended and
    /// its Job has gone.
    List<KubeObject> wanted(Declared training, List<KubeObject> objects) {
        Owner owner = training.owner();
        Optional<String> name = name(owner, Kinds.JOB);
        if (name.isEmpty()) {
            return objects;
        }
        boolean job = find(Kinds.JOB, name.get()).filter(TrainingJobs::stays).isPresent();
        Optional<GenericKubernetesResource> trainJob = trainJob(owner).filter(TrainingJobs::stays);
        if (ended(owner, name.get()).isPresent()) {
            return job || trainJob.filter(one -> is(one, "Failed")).isPresent()
                    ? only(objects, job, trainJob.isPresent())
                    : List.of();
        }
        if (!job && trainJob.isEmpty() && !waitsFor(training).isEmpty()) {
            return List.of();
        }
        boolean trained =
                name(owner, Kinds.TRAIN_JOB).isEmpty()
                        || trainJob.filter(one -> is(one, "Complete")).isPresent();
        return only(objects, job || trained, trainJob.isPresent() || !job);
    }

    private static List<KubeObject> only(List<KubeObject> objects, boolean job, boolean trainJob) {
        return objects.stream()
                .filter(object -> job || !object.kind().equals(Kinds.JOB.kind()))
                .filter(object -> trainJob || !object.kind().equals(Kinds.TRAIN_JOB.kind()))
                .toList();
    }

    /// How the run of that name ended.
    private Optional<Ended> ended(Owner owner, String name) {
        Optional<Ended> last =
                Ended.of(statuses.getOrDefault(owner, Map.of()))
                        .filter(one -> one.job().equals(name));
        Optional<GenericKubernetesResource> job = find(Kinds.JOB, name);
        Optional<Ended> now =
                job.isPresent()
                        ? job.flatMap(one -> ended(name, one))
                        : trainJob(owner)
                                .filter(one -> is(one, "Failed"))
                                .flatMap(one -> ended(name, one));
        if (now.isEmpty()) {
            return job.isPresent() ? now : last;
        }
        // Pods go before their Job does: what they said is remembered.
        return last.filter(one -> one.well() == now.get().well())
                .filter(_ -> LastWords.of(seen, name).isEmpty())
                .or(() -> now);
    }

    private Optional<Ended> ended(String name, GenericKubernetesResource one) {
        String id = id(one);
        if (is(one, "Complete")) {
            return Optional.of(new Ended(name, true, id + " succeeded"));
        }
        String words = LastWords.of(seen, name);
        return Look.condition(one.getAdditionalProperties(), "Failed")
                .filter(condition -> Look.text(condition, "status").equals("True"))
                .map(condition ->
                        new Ended(
                                name,
                                false,
                                "%s failed: %s, %s%s (what to do: correct the training, another spec is another Job; or correct its data, delete the training and apply it again)"
                                        .formatted(
                                                id,
                                                Look.text(condition, "reason"),
                                                Look.text(condition, "message"),
                                                words.isEmpty()
                                                        ? ""
                                                        : "; its pod said: " + words)));
    }

    private List<String> waitsFor(Declared training) {
        List<String> waits = new ArrayList<>();
        if (training.spec().get("after") instanceof List<?> after) {
            for (Object other : after) {
                Owner owner = new Owner("Training", String.valueOf(other));
                boolean done =
                        name(owner, Kinds.JOB)
                                .map(name -> ended(owner, name).filter(Ended::well).isPresent())
                                // One without a Job is somebody else's to run.
                                .orElse(!plan.isLeft(owner));
                if (!done) {
                    waits.add(owner.toString());
                }
            }
        }
        return waits;
    }

    private Optional<String> name(Owner owner, Kinds kind) {
        return plan.objects().getOrDefault(owner, List.of()).stream()
                .filter(object -> object.kind().equals(kind.kind()))
                .map(KubeObject::name)
                .findFirst();
    }

    private Optional<GenericKubernetesResource> trainJob(Owner owner) {
        return name(owner, Kinds.TRAIN_JOB).flatMap(name -> find(Kinds.TRAIN_JOB, name));
    }

    private Optional<GenericKubernetesResource> find(Kinds kind, String name) {
        return seen.list(kind).stream()
                .filter(one -> one.getMetadata().getName().equals(name))
                .filter(Trees::isOurs)
                .findFirst();
    }

    private static String id(GenericKubernetesResource one) {
        return one.getKind().toLowerCase(Locale.ROOT) + "/" + one.getMetadata().getName();
    }

    private static boolean stays(GenericKubernetesResource one) {
        return one.getMetadata().getDeletionTimestamp() == null;
    }

    private static boolean is(GenericKubernetesResource one, String type) {
        return Look.condition(one.getAdditionalProperties(), type)
                .filter(condition -> Look.text(condition, "status").equals("True"))
                .isPresent();
    }
}
