package dev.tidemill.manifests;

import dev.tidemill.common.ByteSize;
import dev.tidemill.scaling.fleet.ReplicaKind;
import dev.tidemill.spec.Environment;
import dev.tidemill.spec.Gateway;
import dev.tidemill.spec.Model;
import dev.tidemill.spec.ModelPool;
import dev.tidemill.spec.ModelResources;
import dev.tidemill.spec.Source;
import dev.tidemill.spec.cluster.ReplicaSetter;
import dev.tidemill.spec.scaling.KindPlace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The model servers: for each pool a Deployment, a Service for clients and one that names each pod
/// for the gateway.
final class ServerObjects {
    static final String COMPONENT = "server";
    static final int HTTP = 8080;
    static final int GRPC = 8081;

    /// Until the gateway has asked for the addresses of the pods again, and some.
    private static final int PAUSE_SECONDS = 10;

    private static final int DRAIN_SECONDS = 1;

    /// The server's own limit for what is in flight, see `ModelServer`, and time to end.
    private static final int FINISH_SECONDS = 15;

    /// A first start waits for a training; the probe gives up after the server does.
    private static final int WAIT_MINUTES = 15;

    private static final String DATA = "/var/lib/tidemill";
    private static final String MODELS = "/models";
    private static final String TOKEN = "/etc/tidemill/token";
    private static final ByteSize DEFAULT_BODY = ByteSize.mebibytes(64);

    private ServerObjects() {}

    static Scope scope(Platform platform, ModelPool pool) {
        return new Scope(
                platform,
                Names.server(pool.name()),
                COMPONENT,
                Map.of("tidemill.dev/model", pool.name()));
    }

    static List<KubeObject> of(Platform platform, ModelPool pool) {
        Scope scope = scope(platform, pool);
        List<KubeObject> objects = new ArrayList<>();
        objects.add(scope.serviceAccount());
        kinds(platform.environment(), pool)
                .forEach(kind -> objects.add(deployment(scope, pool, kind)));
        objects.add(
                Services.address(
                        scope,
                        Tree.joined(
                                List.of(Services.port("http", HTTP), Services.port("grpc", GRPC)),
                                MutualTlsObjects.servicePorts(platform))));
        // The gateway gets the pods from there. Its ports have names of their own, or a
        // ServiceMonitor would read every pod twice.
        objects.add(
                Services.pods(
                        scope,
                        Names.serverPods(pool.name()),
                        List.of(
                                Services.port("pod-http", HTTP, "http"),
                                Services.port("pod-grpc", GRPC, "grpc"))));
        objects.addAll(ScalingObjects.of(scope, pool));
        return objects;
    }

    /// Only our own loop chooses among kinds: whoever else sets the number has the first one.
    ///
    /// @return an empty one where there is one kind
    static List<String> kinds(Environment environment, ModelPool pool) {
        List<String> names = pool.scaling().kinds().stream().map(ReplicaKind::name).toList();
        return names.isEmpty() || environment.scaling() != ReplicaSetter.TIDEMILL
                ? List.of("")
                : names;
    }

    /// @param kind of replicas; an empty one is the first, or the only one
    private static KubeObject deployment(Scope pools, ModelPool pool, String kind) {
        Model owner = pool.owner();
        List<ReplicaKind> kinds = pool.scaling().kinds();
        KindPlace place =
                pool.scaling()
                        .place(kind.isEmpty() && !kinds.isEmpty() ? kinds.getFirst().name() : kind);
        ModelResources resources = place.resources(owner);
        boolean gpu = resources.gpus().isPresent();
        boolean fixed = pools.environment().scaling() == ReplicaSetter.NONE;
        Map<String, String> label = kind.isEmpty() ? Map.of() : Map.of(ServerPods.KIND, kind);
        Scope scope = pools.with(label);
        return scope.named(
                Names.server(pool.name(), kind),
                "apps/v1",
                "Deployment",
                "spec",
                Tree.of(
                        // Whoever scales sets it; what is applied again must not set it back.
                        "replicas",
                        fixed ? Optional.of(Math.max(1, owner.scaling().min())) : Optional.empty(),
                        "revisionHistoryLimit",
                        5,
                        "progressDeadlineSeconds",
                        WAIT_MINUTES * 60 + 60,
                        "selector",
                        Tree.of("matchLabels", Tree.with(scope.selector(), label)),
                        "strategy",
                        rolling(gpu ? 1 : "25%"),
                        "template",
                        Pods.before(
                                Pods.template(
                                        scope,
                                        place.pod(owner),
                                        Optional.empty(),
                                        PAUSE_SECONDS + DRAIN_SECONDS + FINISH_SECONDS,
                                        container(scope, pool, resources),
                                        volumes(scope, pool)),
                                ModelImages.copies(scope, pool))));
    }

    /// @param surge pods beside the old ones: one where each has a GPU to itself
    static Map<String, Object> rolling(Object surge) {
        return Tree.of(
                "type",
                "RollingUpdate",
                "rollingUpdate",
                Tree.of("maxSurge", surge, "maxUnavailable", 0));
    }

    private static Map<String, Object> container(
            Scope scope, ModelPool pool, ModelResources resources) {
        String probed = MutualTlsObjects.probed(scope.platform());
        return Container.ours(
                scope,
                "args",
                arguments(scope.platform(), pool, resources),
                "env",
                List.of(
                        // Half is heap, the rest for the models, ONNX Runtime, code and threads.
                        Pods.variable("TIDEMILL_JAVA_OPTS", "-XX:MaxRAMPercentage=50"),
                        Pods.variable("TIDEMILL_DATA", DATA)),
                "ports",
                Tree.joined(
                        List.of(Pods.port("http", HTTP), Pods.port("grpc", GRPC)),
                        MutualTlsObjects.ports(scope.platform())),
                "resources",
                Quantities.of(resources, ServerPods.CORES_TEXT, ServerPods.MEMORY_TEXT),
                "startupProbe",
                Pods.probe("/health/started", probed, 1, 2, WAIT_MINUTES * 60),
                "readinessProbe",
                Pods.probe("/health/ready", probed, 2, 2, 2),
                "livenessProbe",
                Pods.probe("/health/live", probed, 10, 5, 3),
                "lifecycle",
                Pods.pause(PAUSE_SECONDS),
                "securityContext",
                Pods.containerSecurity(),
                "volumeMounts",
                mounts(scope, pool));
    }

    private static List<String> arguments(
            Platform platform, ModelPool pool, ModelResources resources) {
        List<String> arguments = new ArrayList<>();
        arguments.add("serve");
        arguments.add("--host=0.0.0.0");
        arguments.add("--http-port=" + HTTP);
        arguments.add("--grpc-port=" + GRPC);
        if (MutualTlsObjects.asked(platform).isPresent()) {
            arguments.add("--tls-dir=" + MutualTlsObjects.FOLDER);
            arguments.add("--health-port=" + MutualTlsObjects.HEALTH);
        }
        // No start without what was asked for: a pod without its GPU would be slow in silence.
        arguments.add("--device=" + (resources.gpus().isPresent() ? "cuda" : "cpu"));
        if (pool.owner().volume().isPresent()) {
            arguments.add("--model-repository=" + MODELS);
            arguments.add("--model-control-mode=explicit");
            pool.models().forEach(model -> arguments.add("--load-model=" + model.name()));
        } else {
            ModelImages.folders(pool, RouteSplit.aliases(platform, pool))
                    .forEach(folder -> arguments.add("--model-folder=" + folder));
            arguments.addAll(ofRegistry(platform, pool));
        }
        arguments.add("--strict-readiness");
        arguments.add(
                "--max-body="
                        + Quantities.bytes(
                                platform.gateway().map(Gateway::maxBody).orElse(DEFAULT_BODY)));
        arguments.add("--drain-seconds=" + DRAIN_SECONDS);
        return arguments;
    }

    /// Of those models that control has.
    private static List<String> ofRegistry(Platform platform, ModelPool pool) {
        if (!asksControl(pool)) {
            return List.of();
        }
        List<String> arguments = new ArrayList<>();
        arguments.add("--registry=" + ControlObjects.address(MutualTlsObjects.asked(platform)));
        Map<String, String> aliases = RouteSplit.aliases(platform, pool);
        for (Model model : pool.models()) {
            if (!(model.source() instanceof Source.Image)) {
                arguments.add("--model=" + source(model.name(), model));
            }
        }
        for (Model model : pool.models()) {
            aliases.forEach((name, own) -> {
                if (own.equals(model.name()) && !(model.source() instanceof Source.Image)) {
                    arguments.add("--model=" + source(name, model));
                }
            });
        }
        arguments.add("--registry-token-file=" + TOKEN + "/" + Names.SERVICE);
        arguments.add("--registry-wait-seconds=" + (WAIT_MINUTES - 1) * 60);
        arguments.add("--model-control-mode=poll");
        arguments.add("--repository-poll-seconds=5");
        return arguments;
    }

    /// Whether any of its models comes from the registry.
    static boolean asksControl(ModelPool pool) {
        return pool.owner().volume().isEmpty()
                && ModelImages.of(pool).size() < pool.models().size();
    }

    /// As `serve --model` takes it. A model of a file is registered by its own name.
    ///
    /// @param served the name that clients call it by
    private static String source(String served, Model model) {
        String text =
                switch (model.source()) {
                    case Source.Registry registry -> registry.text();
                    case Source.Path _, Source.Image _ -> model.name();
                };
        boolean same = text.split("[:@]", 2)[0].equals(served);
        return same ? text : served + "=" + text;
    }

    private static List<Map<String, Object>> mounts(Scope scope, ModelPool pool) {
        List<Map<String, Object>> mounts = new ArrayList<>();
        mounts.add(Pods.mount("tmp", "/tmp"));
        mounts.add(Pods.mount("data", DATA));
        pool.owner()
                .volume()
                .ifPresent(volume ->
                        mounts.add(
                                Tree.with(
                                        Pods.readOnlyMount("models", MODELS),
                                        Tree.of("subPath", volume.path()))));
        if (asksControl(pool)) {
            mounts.add(Pods.readOnlyMount("token", TOKEN));
        }
        mounts.addAll(ModelImages.mounts(scope, pool));
        mounts.addAll(MutualTlsObjects.mounts(scope.platform()));
        return mounts;
    }

    private static List<Map<String, Object>> volumes(Scope scope, ModelPool pool) {
        List<Map<String, Object>> volumes = new ArrayList<>();
        volumes.add(Pods.empty("tmp"));
        volumes.add(Pods.empty("data"));
        pool.owner()
                .volume()
                .ifPresent(volume -> volumes.add(Pods.claim("models", volume.claimName())));
        if (asksControl(pool)) {
            volumes.add(Pods.token());
        }
        volumes.addAll(ModelImages.volumes(scope, pool));
        volumes.addAll(MutualTlsObjects.volumes(scope.platform(), COMPONENT));
        return volumes;
    }
}
