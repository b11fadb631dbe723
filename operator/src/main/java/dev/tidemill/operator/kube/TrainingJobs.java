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
/// told by its Job, or by the status where that has gone. A Job of a training that was there before
/// one of the same name is not its own, however long it stays.
///
/// @param declared of the namespace
/// @param statuses as they were written last
record TrainingJobs(
        Seen seen, Plan plan, List<Declared> declared, Map<Owner, Map<String, Object>> statuses) {
    /// Empty for what is run as no Job.
    Optional<JobState> of(Declared training) {
        return name(training.owner(), Kinds.JOB)
                .map(name -> {
                    Optional<GenericKubernetesResource> job = find(training, Kinds.JOB);
                    Optional<GenericKubernetesResource> trainJob = find(training, Kinds.TRAIN_JOB);
                    Optional<String> running = job.or(() -> trainJob).map(TrainingJobs::id);
                    return new JobState(
                            name,
                            running.isPresent() ? List.of() : waitsFor(training),
                            running,
                            ended(training, name),
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
        boolean job = find(training, Kinds.JOB).filter(TrainingJobs::stays).isPresent();
        Optional<GenericKubernetesResource> trainJob =
                find(training, Kinds.TRAIN_JOB).filter(TrainingJobs::stays);
        if (ended(training, name.get()).isPresent()) {
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
    private Optional<Ended> ended(Declared training, String name) {
        Optional<Ended> last =
                Ended.of(statuses.getOrDefault(training.owner(), Map.of()), training.uid())
                        .filter(one -> one.job().equals(name));
        Optional<GenericKubernetesResource> job = find(training, Kinds.JOB);
        Optional<Ended> now =
                job.isPresent()
                        ? job.flatMap(one -> ended(training, name, one))
                        : find(training, Kinds.TRAIN_JOB)
                                .filter(one -> is(one, "Failed"))
                                .flatMap(one -> ended(training, name, one));
        if (now.isEmpty()) {
            return job.isPresent() ? now : last;
        }
        // Pods go before their Job does: what they said is remembered.
        return last.filter(one -> one.well() == now.get().well())
                .filter(_ -> LastWords.of(seen, name).isEmpty())
                .or(() -> now);
    }

    private Optional<Ended> ended(Declared training, String name, GenericKubernetesResource one) {
        String id = id(one);
        if (is(one, "Complete")) {
            return Optional.of(new Ended(training.uid(), name, true, id + " succeeded"));
        }
        String words = LastWords.of(seen, name);
        return Look.condition(one.getAdditionalProperties(), "Failed")
                .filter(condition -> Look.text(condition, "status").equals("True"))
                .map(condition ->
                        new Ended(
                                training.uid(),
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
                                .map(name ->
                                        declared(owner)
                                                .flatMap(one -> ended(one, name))
                                                .filter(Ended::well)
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

    private Optional<String> name(Owner owner, Kinds kind) {
        return plan.objects().getOrDefault(owner, List.of()).stream()
                .filter(object -> object.kind().equals(kind.kind()))
                .map(KubeObject::name)
                .findFirst();
    }

    private Optional<Declared> declared(Owner owner) {
        return declared.stream().filter(one -> one.owner().equals(owner)).findFirst();
    }

    private Optional<GenericKubernetesResource> find(Declared training, Kinds kind) {
        return name(training.owner(), kind)
                .flatMap(name ->
                        seen.list(kind).stream()
                                .filter(one -> one.getMetadata().getName().equals(name))
                                .filter(Trees::isOurs)
                                .filter(one -> isOf(training, one))
                                .findFirst());
    }

    private static boolean isOf(Declared training, GenericKubernetesResource one) {
        return one.getMetadata().getOwnerReferences().stream()
                .anyMatch(owner -> training.uid().equals(owner.getUid()));
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
