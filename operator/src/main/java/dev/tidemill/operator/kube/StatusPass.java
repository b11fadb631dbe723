package dev.tidemill.operator.kube;

import dev.tidemill.manifests.Names;
import dev.tidemill.operator.canary.CanaryEntry;
import dev.tidemill.operator.canary.CanaryNews;
import dev.tidemill.operator.plan.Declared;
import dev.tidemill.operator.plan.Owner;
import dev.tidemill.operator.plan.Plan;
import dev.tidemill.operator.scale.LiveScaling;
import dev.tidemill.operator.status.Condition;
import dev.tidemill.operator.status.Conditions;
import dev.tidemill.operator.status.Ended;
import dev.tidemill.operator.status.JobState;
import dev.tidemill.operator.status.PodState;
import dev.tidemill.operator.status.Refusal;
import dev.tidemill.operator.status.StatusTree;
import dev.tidemill.operator.status.Trouble;
import dev.tidemill.operator.status.Workload;
import dev.tidemill.spec.ModelPool;
import dev.tidemill.spec.cluster.ReplicaSetter;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Says of every resource of a namespace how it is, where that is new.
record StatusPass(
        Seen seen,
        Writes writes,
        Memory memory,
        LiveScaling scaling,
        Map<Owner, List<CanaryEntry>> canaries,
        TrainingJobs trainings,
        Leaving leaving,
        Optional<String> outdated,
        InstantSource clock) {
    private static final System.Logger LOG = System.getLogger(StatusPass.class.getName());

    void run(
            String namespace,
            boolean terminating,
            List<Declared> declared,
            Plan plan,
            Map<Owner, List<Refusal>> refusals,
            Map<String, String> rivals) {
        Map<Owner, Map<String, Object>> before = seen.statuses();
        List<Refusal> everybodys = refusals.getOrDefault(Owner.NAMESPACE, List.of());
        for (Declared one : declared) {
            Owner owner = one.owner();
            Optional<Found> found = found(plan, owner);
            List<CanaryEntry> rollouts = canaries.getOrDefault(owner, List.of());
            List<Condition> conditions =
                    Conditions.of(
                            new Conditions.Facts(
                                    terminating,
                                    leaving.finalizers(owner),
                                    plan.problems().getOrDefault(owner, List.of()),
                                    Optional.ofNullable(plan.held().get(owner)),
                                    refusals.getOrDefault(owner, everybodys),
                                    !owner.kind().equals("Training"),
                                    found.map(Found::workload),
                                    found.map(Found::name)
                                            .or(() -> jobName(plan, owner))
                                            .map(this::pods)
                                            .orElse(List.of()),
                                    found.flatMap(it -> Optional.ofNullable(rivals.get(it.name()))),
                                    notice(owner, plan, rollouts)));
            Optional<JobState> job =
                    owner.kind().equals("Training") ? trainings.of(one) : Optional.empty();
            Map<String, Object> last =
                    memory.status(owner).orElse(before.getOrDefault(owner, Map.of()));
            Map<String, Object> status =
                    StatusTree.of(
                            one.generation(),
                            job.map(it -> it.conditions(conditions)).orElse(conditions),
                            found.map(Found::workload)
                                    .filter(_ -> !owner.kind().equals("Environment")),
                            url(namespace, plan, owner),
                            scaled(namespace, plan, owner, last),
                            rollouts.stream().map(CanaryEntry::tree).toList(),
                            last,
                            clock.instant());
            job.ifPresent(it -> status.put("job", it.name()));
            // It outlives the Job, and what is wrong with the resource for a while.
            job.flatMap(JobState::ended)
                    .or(() -> Ended.of(last, one.uid()))
                    .ifPresent(it -> status.put("finished", it.tree()));
            if (!status.equals(last)) {
                write(namespace, one, last, status);
            }
            memory.status(owner, status);
        }
    }

    private Optional<Trouble> notice(Owner owner, Plan plan, List<CanaryEntry> rollouts) {
        return rollouts.stream()
                .filter(CanaryEntry::isRolledBack)
                .findFirst()
                .map(one -> "route %s: %s".formatted(one.route(), one.reason()))
                .map(Trouble::rolledBack)
                .or(() -> outdated.map(Trouble::outdated))
                .or(() ->
                        pool(plan, owner)
                                .filter(_ -> owner.kind().equals("Model") && asksUs(plan))
                                .flatMap(_ -> scaling.elsewhere())
                                .map(Trouble::metricsOfAnother));
    }

    private static boolean asksUs(Plan plan) {
        return plan.environment().map(one -> one.scaling()).orElse(ReplicaSetter.HPA)
                == ReplicaSetter.HPA;
    }

    private void write(
            String namespace, Declared one, Map<String, Object> last, Map<String, Object> status) {
        try {
            writes.status(namespace, one.owner(), status);
            for (CanaryNews news : CanaryNews.of(CanaryEntry.of(last), CanaryEntry.of(status))) {
                writes.event(
                        namespace, one.owner(), one.uid(), "Normal", news.reason(), news.message());
            }
            StatusTree.news(last, status)
                    .ifPresent(news ->
                            writes.event(
                                    namespace,
                                    one.owner(),
                                    one.uid(),
                                    news.type(),
                                    news.reason(),
                                    news.message()));
        } catch (KubernetesClientException e) {
            // It was deleted meanwhile, or the next look writes it.
            LOG.log(System.Logger.Level.DEBUG, one.owner().toString(), e);
        }
    }

    /// Whose a model's or an app's number of replicas is, and why it was changed the last time.
    private Map<String, Object> scaled(
            String namespace, Plan plan, Owner owner, Map<String, Object> last) {
        boolean app = owner.kind().equals("App");
        if (!owner.kind().equals("Model") && !app) {
            return Map.of();
        }
        ReplicaSetter setter =
                plan.environment()
                        .map(environment -> environment.scaling())
                        .orElse(ReplicaSetter.HPA);
        // KEDA scales models only.
        String by =
                (app && setter == ReplicaSetter.KEDA ? ReplicaSetter.HPA : setter)
                        .name()
                        .toLowerCase(Locale.ROOT);
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("owner", by);
        Optional<LiveScaling.Changed> changed = scaling.last(namespace, owner.name());
        if (changed.isPresent()) {
            tree.put("reason", changed.get().reason());
            tree.put("at", changed.get().at().truncatedTo(ChronoUnit.SECONDS).toString());
        } else if (last.get("scaling") instanceof Map<?, ?> before
                && by.equals(before.get("owner"))) {
            tree.putAll(Trees.map(before));
        }
        return tree;
    }

    private static Optional<String> jobName(Plan plan, Owner owner) {
        return plan.objects().getOrDefault(owner, List.of()).stream()
                .filter(object -> object.kind().equals(Kinds.JOB.kind()))
                .map(object -> object.name())
                .findFirst();
    }

    private record Found(String name, Workload workload) {}

    private Optional<Found> found(Plan plan, Owner owner) {
        Kinds kind = owner.kind().equals("Environment") ? Kinds.STATEFUL_SET : Kinds.DEPLOYMENT;
        return name(plan, owner)
                .flatMap(name ->
                        objects(plan, owner, name).stream()
                                .flatMap(object ->
                                        seen.list(kind).stream()
                                                .filter(item ->
                                                        item.getMetadata()
                                                                .getName()
                                                                .equals(object)))
                                .map(item -> workload(kind, item))
                                .reduce(Workload::and)
                                .map(workload -> new Found(name, workload)));
    }

    /// The Deployments of a model whose replicas are of several kinds; else what has the name.
    private static List<String> objects(Plan plan, Owner owner, String name) {
        List<String> kinds =
                pool(plan, owner).map(pool -> pool.scaling().kinds()).orElse(List.of()).stream()
                        .map(kind -> kind.name())
                        .toList();
        boolean ours =
                plan.environment()
                        .filter(one -> one.scaling() == ReplicaSetter.TIDEMILL)
                        .isPresent();
        return kinds.isEmpty() || !ours || !owner.kind().equals("Model")
                ? List.of(name)
                : pool(plan, owner).stream()
                        .flatMap(
                                pool -> kinds.stream().map(kind -> Names.server(pool.name(), kind)))
                        .toList();
    }

    private static Workload workload(Kinds kind, GenericKubernetesResource item) {
        return Workloads.workload(
                kind.kind().toLowerCase(Locale.ROOT) + "/" + item.getMetadata().getName(),
                item.getMetadata().getGeneration() == null ? 0 : item.getMetadata().getGeneration(),
                item.getAdditionalProperties());
    }

    private static Optional<ModelPool> pool(Plan plan, Owner owner) {
        return plan.pools().stream()
                .filter(pool ->
                        pool.models().stream().anyMatch(model -> model.name().equals(owner.name())))
                .findFirst();
    }

    /// Of what runs for it.
    private static Optional<String> name(Plan plan, Owner owner) {
        return switch (owner.kind()) {
            case "Model" ->
                    Optional.of(
                            Names.server(
                                    pool(plan, owner).map(ModelPool::name).orElse(owner.name())));
            case "App" -> Optional.of(Names.app(owner.name()));
            case "Gateway" -> Optional.of(Names.gateway(owner.name()));
            case "Environment" -> Optional.of(Names.CONTROL);
            default -> Optional.empty();
        };
    }

    private static Optional<String> url(String namespace, Plan plan, Owner owner) {
        return name(plan, owner)
                .map(name ->
                        owner.kind().equals("Gateway") || owner.kind().equals("App")
                                ? "http://%s.%s.svc".formatted(name, namespace)
                                : "http://%s.%s.svc:8080".formatted(name, namespace));
    }

    private List<PodState> pods(String workload) {
        return seen.list(Kinds.POD).stream()
                .filter(pod ->
                        workload.equals(
                                pod.getMetadata().getLabels().get("app.kubernetes.io/instance")))
                .map(pod ->
                        Workloads.pod(
                                pod.getMetadata().getName(),
                                pod.getMetadata().getDeletionTimestamp() != null,
                                pod.getAdditionalProperties()))
                .flatMap(Optional::stream)
                .toList();
    }
}
