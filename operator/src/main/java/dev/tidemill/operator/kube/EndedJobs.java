package dev.tidemill.operator.kube;

import dev.tidemill.manifests.KubeObject;
import dev.tidemill.manifests.TrainingObjects;
import dev.tidemill.operator.act.ObjectKey;
import dev.tidemill.operator.plan.Declared;
import dev.tidemill.operator.plan.Owner;
import dev.tidemill.operator.plan.Plan;
import dev.tidemill.operator.status.Ended;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Tells Kubernetes how long Jobs that have ended may stay: not before the API server has it in the
/// training's status that they have, or a Job that went too soon would be run again.
record EndedJobs(Seen seen, Plan plan, Writes writes, Memory memory) {
    private static final System.Logger LOG = System.getLogger(EndedJobs.class.getName());

    /// @return whether all of them are told
    boolean run(String namespace, List<Declared> declared) {
        Map<Owner, Map<String, Object>> statuses = seen.statuses();
        List<KubeObject> ends = new ArrayList<>();
        for (Declared training : declared) {
            Owner owner = training.owner();
            Ended.of(statuses.getOrDefault(owner, Map.of()), training.uid())
                    .ifPresent(ended ->
                            plan.objects().getOrDefault(owner, List.of()).stream()
                                    .filter(one -> one.name().equals(ended.job()))
                                    .filter(one -> one.kind().equals(Kinds.JOB.kind()))
                                    .forEach(ends::add));
        }
        boolean told = true;
        for (KubeObject job : ends) {
            told &= limit(namespace, job);
        }
        return told;
    }

    private boolean limit(String namespace, KubeObject job) {
        Optional<Long> seconds = TrainingObjects.secondsToLive(job);
        Optional<String> unlimited =
                seen.list(Kinds.JOB).stream()
                        .filter(one -> one.getMetadata().getName().equals(job.name()))
                        .filter(one -> one.getMetadata().getDeletionTimestamp() == null)
                        .filter(one -> !isLimited(one))
                        .map(one -> one.getMetadata().getUid())
                        .findFirst();
        ObjectKey key = ObjectKey.of(job);
        // One of the same name that was made again is another.
        if (seconds.isEmpty()
                || unlimited.isEmpty()
                || !memory.isNew(key, unlimited.get() + " " + seconds.get())) {
            return true;
        }
        try {
            writes.timeToLive(namespace, key, seconds.get());
            return true;
        } catch (KubernetesClientException e) {
            boolean isGone = e.getCode() == HttpURLConnection.HTTP_NOT_FOUND;
            LOG.log(
                    isGone ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING,
                    job.name(),
                    e);
            memory.forget(key);
            return isGone;
        }
    }

    private static boolean isLimited(GenericKubernetesResource job) {
        return Look.at(job.getAdditionalProperties(), "spec", "ttlSecondsAfterFinished")
                .isPresent();
    }
}
