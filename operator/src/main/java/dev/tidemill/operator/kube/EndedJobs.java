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
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Tells Kubernetes how long Jobs that have ended may stay: not before the API server has it in the
/// training's status that they have, or a Job that went too soon would be run again.
record EndedJobs(Seen seen, Plan plan, Writes writes, Memory memory) {
    private static final System.Logger LOG = System.getLogger(EndedJobs.class.getName());

    void run(String namespace, List<Declared> declared) {
        Map<Owner, Map<String, Object>> statuses = seen.statuses();
        for (Declared training : declared) {
            Owner owner = training.owner();
            Ended.of(statuses.getOrDefault(owner, Map.of()), training.uid())
                    .ifPresent(ended ->
                            plan.objects().getOrDefault(owner, List.of()).stream()
                                    .filter(one -> one.name().equals(ended.job()))
                                    .filter(one -> one.kind().equals(Kinds.JOB.kind()))
                                    .forEach(job -> limit(namespace, job)));
        }
    }

    private void limit(String namespace, KubeObject job) {
        Optional<Long> seconds = TrainingObjects.secondsToLive(job);
        ObjectKey key = ObjectKey.of(job);
        boolean unlimited =
                seen.list(Kinds.JOB).stream()
                        .filter(one -> one.getMetadata().getName().equals(job.name()))
                        .filter(one -> one.getMetadata().getDeletionTimestamp() == null)
                        .anyMatch(one -> !isLimited(one));
        if (seconds.isPresent() && unlimited && memory.isNew(key, seconds.get().toString())) {
            try {
                writes.timeToLive(namespace, key, seconds.get());
            } catch (KubernetesClientException e) {
                // It went meanwhile, or the next look does it.
                LOG.log(System.Logger.Level.DEBUG, job.name(), e);
                memory.forget(key);
            }
        }
    }

    private static boolean isLimited(GenericKubernetesResource job) {
        return Look.at(job.getAdditionalProperties(), "spec", "ttlSecondsAfterFinished")
                .isPresent();
    }
}
