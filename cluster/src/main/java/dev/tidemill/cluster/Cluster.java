package dev.tidemill.cluster;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.LogWatch;
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.WritableOperation;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// A cluster that objects can be read from and applied to, each as the tree of its fields. All
/// failures are [TidemillException]: `UNAVAILABLE` when the API server does not answer,
/// `FORBIDDEN`, `INVALID_SPEC` with the server's own words.
public final class Cluster implements AutoCloseable {
    /// Whose the fields are that we apply.
    public static final String MANAGER = "tidemill";

    private final KubernetesClient client;
    private final String server;
    private final String namespace;

    Cluster(KubernetesClient client, String namespace) {
        this.client = client;
        this.server = client.getConfiguration().getMasterUrl();
        this.namespace = namespace;
    }

    /// @throws TidemillException `NOT_FOUND` when no such cluster is known here
    public static Cluster open(ClusterTarget target) {
        return ClusterConfig.open(target);
    }

    /// Where its API server is.
    public String server() {
        return server;
    }

    /// That is meant where an object names none.
    public String namespace() {
        return namespace;
    }

    public Optional<Fields> get(ObjectRef ref) {
        try {
            return Optional.ofNullable(on(ref).get()).map(this::fields);
        } catch (KubernetesClientException e) {
            if (e.getCode() == 404) {
                return Optional.empty();
            }
            throw Refusals.translated(server, ref.id(), e);
        }
    }

    /// Of a namespace; none when the cluster does not know the kind.
    public List<Fields> list(
            String apiVersion, String kind, String in, Map<String, String> labels) {
        try {
            return client
                    .genericKubernetesResources(Kinds.context(apiVersion, kind))
                    .inNamespace(in)
                    .withLabels(labels)
                    .list()
                    .getItems()
                    .stream()
                    .map(this::fields)
                    .toList();
        } catch (KubernetesClientException e) {
            if (e.getCode() == 404) {
                return List.of();
            }
            throw Refusals.translated(server, Kinds.plural(kind), e);
        }
    }

    /// Server-side apply: what the tree says is ours from now on, what it does not say stays as it
    /// is, and what it said the last time goes.
    ///
    /// @param dryRun only asks what would be
    /// @return the object as it is then
    public Fields apply(ObjectRef ref, Map<String, Object> tree, boolean dryRun) {
        return call(
                ref,
                () -> {
                    Resource<GenericKubernetesResource> resource = resource(ref, tree);
                    WritableOperation<GenericKubernetesResource> target =
                            dryRun ? resource.dryRun() : resource;
                    return fields(target.fieldManager(MANAGER).forceConflicts().serverSideApply());
                });
    }

    /// As [#apply], for another owner than us.
    public void applyAs(String manager, ObjectRef ref, Map<String, Object> tree) {
        var _ =
                call(
                        ref,
                        () ->
                                resource(ref, tree)
                                        .fieldManager(manager)
                                        .forceConflicts()
                                        .serverSideApply());
    }

    /// @return false when there was one already, which stays as it is
    public boolean create(ObjectRef ref, Map<String, Object> tree) {
        try {
            NonDeletingOperation<GenericKubernetesResource> resource = resource(ref, tree);
            return resource.create() != null;
        } catch (KubernetesClientException e) {
            if (e.getCode() == 409) {
                return false;
            }
            throw Refusals.translated(server, ref.id(), e);
        }
    }

    /// Its parts go after it. Nothing happens when it is not there.
    public void delete(ObjectRef ref) {
        var _ =
                call(
                        ref,
                        () ->
                                on(ref).withPropagationPolicy(DeletionPropagation.BACKGROUND)
                                        .delete());
    }

    /// As [#delete], of a pod and without giving it time to end.
    public void kill(ObjectRef pod) {
        var _ = call(pod, () -> on(pod).withGracePeriod(0).delete());
    }

    /// The last lines that a container wrote; empty when it never ran.
    ///
    /// @param previous of the run before this one
    public List<String> log(String in, String pod, String container, int lines, boolean previous) {
        try {
            // It would wait for a pod to be ready first.
            var one =
                    client.pods()
                            .inNamespace(in)
                            .withName(pod)
                            .inContainer(container)
                            .withReadyWaitTimeout(0);
            String text =
                    previous
                            ? one.terminated().tailingLines(lines).getLog()
                            : one.tailingLines(lines).getLog();
            return text == null ? List.of() : text.lines().toList();
        } catch (KubernetesClientException e) {
            if (e.getCode() == 400 || e.getCode() == 404) {
                return List.of();
            }
            throw Refusals.translated(server, "pod/" + pod, e);
        }
    }

    /// Hands on the last lines and all new ones until the container ends or the thread is
    /// interrupted.
    public void follow(String in, String pod, String container, int lines, Consumer<String> sink) {
        try (LogWatch watch =
                        client.pods()
                                .inNamespace(in)
                                .withName(pod)
                                .inContainer(container)
                                .tailingLines(lines)
                                .watchLog();
                BufferedReader reader =
                        new BufferedReader(
                                new InputStreamReader(watch.getOutput(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                sink.accept(line);
            }
        } catch (KubernetesClientException e) {
            throw Refusals.translated(server, "pod/" + pod, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A pod's port on this machine, until it is closed.
    public Forward forward(String in, String pod, int port) {
        return Refusals.of(
                server,
                "pod/" + pod,
                () -> new Forward(client.pods().inNamespace(in).withName(pod).portForward(port)));
    }

    @Override
    public void close() {
        client.close();
    }

    private <T> T call(ObjectRef ref, Supplier<T> call) {
        return Refusals.of(server, ref.id(), call);
    }

    private Resource<GenericKubernetesResource> on(ObjectRef ref) {
        var all = client.genericKubernetesResources(Kinds.context(ref.apiVersion(), ref.kind()));
        return ref.namespace().isPresent()
                ? all.inNamespace(ref.namespace().get()).withName(ref.name())
                : all.withName(ref.name());
    }

    private Resource<GenericKubernetesResource> resource(ObjectRef ref, Map<String, Object> tree) {
        GenericKubernetesResource item =
                client.getKubernetesSerialization()
                        .convertValue(tree, GenericKubernetesResource.class);
        var all = client.genericKubernetesResources(Kinds.context(ref.apiVersion(), ref.kind()));
        return ref.namespace().isPresent()
                ? all.inNamespace(ref.namespace().get()).resource(item)
                : all.resource(item);
    }

    @SuppressWarnings("unchecked") // what the library reads from JSON has texts as keys
    private Fields fields(GenericKubernetesResource item) {
        return new Fields(
                (Map<String, Object>)
                        client.getKubernetesSerialization()
                                .convertValue(item, LinkedHashMap.class));
    }

    static TidemillException unknown(String message) {
        return new TidemillException(ErrorCode.NOT_FOUND, message);
    }
}
