package dev.tidemill.operator.kube;

import dev.tidemill.manifests.KubeObject;
import dev.tidemill.manifests.MadeSecret;
import dev.tidemill.operator.act.Action;
import dev.tidemill.operator.act.Decision;
import dev.tidemill.operator.act.ObjectKey;
import dev.tidemill.operator.act.Observed;
import dev.tidemill.operator.act.Wanted;
import dev.tidemill.operator.canary.CanaryEntry;
import dev.tidemill.operator.canary.LiveCanaries;
import dev.tidemill.operator.plan.Declared;
import dev.tidemill.operator.plan.Owner;
import dev.tidemill.operator.plan.Plan;
import dev.tidemill.operator.plan.Planner;
import dev.tidemill.operator.scale.LiveScaling;
import dev.tidemill.operator.status.Refusal;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// One look at a namespace: what is wanted, what there is, what is done about it, what is said of
/// it.
record NamespacePass(
        KubernetesClient client,
        Planner planner,
        Seen seen,
        Writes writes,
        Memory memory,
        LiveScaling scaling,
        boolean answers,
        LiveCanaries canaries,
        Optional<String> outdated,
        InstantSource clock) {
    private static final System.Logger LOG = System.getLogger(NamespacePass.class.getName());

    /// When the namespace is to be looked at again if nothing happens in it.
    enum Outcome {
        SETTLED,
        WATCHING,
        WRITTEN,
        REFUSED
    }

    Outcome run(String namespace, boolean terminating) {
        Leaving leaving = Leaving.of(seen);
        List<Declared> declared =
                Kinds.DECLARED.stream()
                        .flatMap(kind ->
                                seen.list(kind).stream()
                                        .filter(one ->
                                                one.getMetadata().getDeletionTimestamp() == null)
                                        .map(one -> Trees.declared(kind, one)))
                        .toList();
        memory.keepStatusesOf(leaving.with(declared));
        Map<ObjectKey, Observed> observed = observed();
        if (declared.isEmpty() && observed.isEmpty() && leaving.isEmpty()) {
            scaling.see(namespace, List.of(), List.of());
            var _ = canaries.see(namespace, Map.of());
            return Outcome.SETTLED;
        }
        Plan plan =
                memory.plan(declared)
                        .orElseGet(() -> {
                            Plan made = planner.plan(namespace, declared);
                            memory.plan(declared, made);
                            return made;
                        });
        Map<Owner, List<CanaryEntry>> entries =
                new CanaryPass(seen, memory, canaries, clock)
                        .run(namespace, terminating, declared, plan);
        Map<Owner, List<Refusal>> refusals = new HashMap<>();
        boolean waits = false;
        TrainingJobs trainings = new TrainingJobs(seen, plan, declared, statuses(declared));
        if (!terminating) {
            waits =
                    act(
                            namespace,
                            declared,
                            plan.following(entries),
                            trainings,
                            observed,
                            refusals);
        }
        Map<String, String> rivals =
                new ScalingPass(seen, scaling, answers).run(namespace, terminating, plan);
        new StatusPass(seen, writes, memory, scaling, entries, trainings, leaving, outdated, clock)
                .run(namespace, terminating, leaving.with(declared), plan, refusals, rivals);
        boolean told =
                terminating || new EndedJobs(seen, plan, writes, memory).run(namespace, declared);
        if (waits || (!entries.isEmpty() && !terminating)) {
            return Outcome.WATCHING;
        }
        if (!refusals.isEmpty() || !told) {
            return Outcome.REFUSED;
        }
        return memory.waits() ? Outcome.WRITTEN : Outcome.SETTLED;
    }

    /// As they were written last; the watch may be late.
    private Map<Owner, Map<String, Object>> statuses(List<Declared> declared) {
        Map<Owner, Map<String, Object>> statuses = new HashMap<>(seen.statuses());
        for (Declared one : declared) {
            memory.status(one.owner()).ifPresent(status -> statuses.put(one.owner(), status));
        }
        return statuses;
    }

    private Map<ObjectKey, Observed> observed() {
        Map<ObjectKey, Observed> observed = new LinkedHashMap<>();
        for (Kinds kind : Kinds.MADE) {
            for (GenericKubernetesResource item : seen.list(kind)) {
                if (item.getMetadata().getDeletionTimestamp() == null && Trees.isOurs(item)) {
                    Observed one = Trees.observed(client, kind, item);
                    observed.put(one.key(), one);
                }
            }
        }
        memory.overlay(observed);
        return observed;
    }

    /// @return whether something waits for the next look
    private boolean act(
            String namespace,
            List<Declared> declared,
            Plan plan,
            TrainingJobs trainings,
            Map<ObjectKey, Observed> observed,
            Map<Owner, List<Refusal>> refusals) {
        List<Wanted> wanted = wanted(namespace, declared, plan, trainings, refusals);
        boolean waits =
                new NewVolumes(client, seen, memory).takeFrom(namespace, wanted, observed.keySet());
        wanted.stream()
                .map(Wanted::key)
                .filter(key -> key.kind().equals("StatefulSet"))
                .flatMap(key -> MadeSecret.of(key.name()).stream())
                .filter(secret ->
                        wanted.stream()
                                .map(Wanted::key)
                                .noneMatch(key -> secret.isFilledBy(key.kind(), key.name())))
                .filter(secret -> memory.needsSecret(secret.name()))
                .forEach(secret -> make(namespace, secret, refusals));
        Set<String> there =
                declared.stream().map(one -> one.owner().toString()).collect(Collectors.toSet());
        Set<String> left =
                Stream.concat(plan.problems().keySet().stream(), plan.held().keySet().stream())
                        .map(Owner::toString)
                        .collect(Collectors.toSet());
        for (Action action :
                Decision.of(wanted, observed, memory.residues(), left::contains, there::contains)) {
            LOG.log(System.Logger.Level.INFO, "{0}: {1}", namespace, action.reason());
            switch (action) {
                case Action.Apply apply -> apply(namespace, declared, apply, refusals);
                case Action.Delete delete -> delete(namespace, delete);
            }
        }
        return waits;
    }

    private void make(String namespace, MadeSecret secret, Map<Owner, List<Refusal>> refusals) {
        try {
            writes.secret(namespace, secret);
            memory.madeSecret(secret.name());
        } catch (KubernetesClientException e) {
            refuse(
                    refusals,
                    Owner.NAMESPACE,
                    new Refusal("secret/" + secret.name(), e.getCode(), words(e)));
        }
    }

    private List<Wanted> wanted(
            String namespace,
            List<Declared> declared,
            Plan plan,
            TrainingJobs trainings,
            Map<Owner, List<Refusal>> refusals) {
        List<Wanted> wanted = new ArrayList<>();
        plan.objects()
                .forEach((owner, objects) -> {
                    Optional<Declared> by =
                            declared.stream().filter(one -> one.owner().equals(owner)).findFirst();
                    List<KubeObject> now =
                            owner.kind().equals("Training")
                                    ? by.map(one -> trainings.wanted(one, objects))
                                            .orElse(List.of())
                                    : objects;
                    for (KubeObject object : now) {
                        Wanted one = Wanted.of(namespace, owner, by, object);
                        if (Kinds.MADE_ONCE.containsKey(object.kind())) {
                            unwatched(namespace, declared, one, refusals);
                        } else if (seen.knows(object)) {
                            wanted.add(one);
                        } else {
                            refuse(
                                    refusals,
                                    owner,
                                    new Refusal(
                                            one.key().toString(),
                                            404,
                                            "this cluster knows no " + object.kind()));
                        }
                    }
                });
        return wanted;
    }

    private void unwatched(
            String namespace,
            List<Declared> declared,
            Wanted wanted,
            Map<Owner, List<Refusal>> refusals) {
        if (memory.isNew(wanted.key(), wanted.digest())) {
            apply(
                    namespace,
                    declared,
                    new Action.Apply(wanted, Action.Why.CHANGED, List.of()),
                    refusals);
        }
    }

    private void apply(
            String namespace,
            List<Declared> declared,
            Action.Apply action,
            Map<Owner, List<Refusal>> refusals) {
        try {
            GenericKubernetesResource after = writes.apply(namespace, action);
            Kinds.MADE.stream()
                    .filter(kind -> kind.kind().equals(action.key().kind()))
                    .findFirst()
                    .map(kind -> Trees.observed(client, kind, after))
                    .ifPresent(now ->
                            memory.applied(
                                    action.key(), Decision.Residue.of(action.wanted(), now), now));
            if (action.why() == Action.Why.DRIFT) {
                tell(namespace, declared, action);
            }
        } catch (KubernetesClientException e) {
            memory.forget(action.key());
            refuse(
                    refusals,
                    action.wanted().owner(),
                    new Refusal(action.key().toString(), e.getCode(), words(e)));
        }
    }

    private void tell(String namespace, List<Declared> declared, Action.Apply action) {
        declared.stream()
                .filter(one -> one.owner().equals(action.wanted().owner()))
                .findFirst()
                .ifPresent(one ->
                        writes.event(
                                namespace,
                                one.owner(),
                                one.uid(),
                                "Normal",
                                "DriftMended",
                                action.reason()));
    }

    private void delete(String namespace, Action.Delete action) {
        writes.delete(namespace, action.key());
        memory.deleted(action.key());
    }

    private static void refuse(Map<Owner, List<Refusal>> refusals, Owner owner, Refusal refusal) {
        LOG.log(System.Logger.Level.WARNING, "{0}: {1}", refusal.object(), refusal.message());
        refusals.computeIfAbsent(owner, _ -> new ArrayList<>()).add(refusal);
    }

    private static String words(KubernetesClientException e) {
        return e.getStatus() != null && e.getStatus().getMessage() != null
                ? e.getStatus().getMessage()
                : String.valueOf(e.getMessage());
    }
}
