package dev.tidemill.manifests;

import dev.tidemill.common.Problem;
import dev.tidemill.spec.App;
import dev.tidemill.spec.Gateway;
import dev.tidemill.spec.cluster.ReplicaSetter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The apps: for each a Deployment of its image, a Service for others and one that names each pod
/// for the gateway.
public final class AppObjects {
    static final String COMPONENT = "app";

    /// Of the Service that others use; the gateway goes to the pods' own port.
    static final int HTTP = 80;

    /// Until the gateway has asked for the addresses of the pods again, and some.
    private static final int PAUSE_SECONDS = 10;

    private static final int PROGRESS_SECONDS = 300;

    private AppObjects() {}

    /// What keeps apps from running on a cluster.
    public static List<Problem> problems(List<App> apps) {
        return apps.stream()
                .filter(app -> app.container().image().isEmpty())
                .map(app ->
                        new Problem(
                                app.place().of("spec.image"),
                                "App/%s spec.image".formatted(app.name()),
                                "missing",
                                "an image, which a cluster runs; `command` is for one machine"))
                .toList();
    }

    /// A URL whose name stands for every ready pod of the app.
    public static String address(App app) {
        return "http://%s:%d".formatted(Names.appPods(app.name()), app.port());
    }

    static Scope scope(Platform platform, App app) {
        return new Scope(
                platform, Names.app(app.name()), COMPONENT, Map.of("tidemill.dev/app", app.name()));
    }

    static List<KubeObject> of(Platform platform, App app) {
        Scope scope = scope(platform, app);
        List<KubeObject> objects = new ArrayList<>();
        objects.add(scope.serviceAccount());
        objects.add(deployment(scope, app));
        objects.add(Services.address(scope, List.of(Services.port("http", HTTP))));
        objects.add(
                Services.pods(
                        scope,
                        Names.appPods(app.name()),
                        List.of(Services.port("pod-http", app.port(), "http"))));
        if (autoscaled(scope)) {
            objects.add(ScalingObjects.autoscalerOfApp(scope, app.scaling()));
            objects.addAll(ScalingObjects.prewarm(scope, app.scaling()));
        }
        objects.add(ScalingObjects.budget(scope));
        return objects;
    }

    /// By Kubernetes: what our own loop scales may have no other owner. KEDA scales models only.
    private static boolean autoscaled(Scope scope) {
        return scaled(scope) && scope.environment().scaling() != ReplicaSetter.TIDEMILL;
    }

    private static boolean scaled(Scope scope) {
        return scope.environment().scaling() != ReplicaSetter.NONE;
    }

    private static KubeObject deployment(Scope scope, App app) {
        boolean gpu = app.resources().gpus().isPresent();
        return scope.object(
                "apps/v1",
                "Deployment",
                "spec",
                Tree.of(
                        // Whoever scales sets it; what is applied again must not set it back.
                        "replicas",
                        scaled(scope)
                                ? Optional.empty()
                                : Optional.of(Math.max(1, app.scaling().min())),
                        "revisionHistoryLimit",
                        5,
                        "progressDeadlineSeconds",
                        app.health().startup().toSeconds() + PROGRESS_SECONDS,
                        "selector",
                        Tree.of("matchLabels", scope.selector()),
                        "strategy",
                        ServerObjects.rolling(gpu ? 1 : "25%"),
                        "template",
                        Pods.template(
                                scope,
                                app.pod(),
                                app.container().user(),
                                Optional.empty(),
                                PAUSE_SECONDS + app.gracePeriod().toSeconds(),
                                container(scope, app),
                                volumes(app))));
    }

    private static Map<String, Object> container(Scope scope, App app) {
        return Container.of(
                COMPONENT,
                app.container().image().orElseThrow(),
                scope.environment().image().pullPolicy(),
                "args",
                Tree.some(app.container().args()),
                "env",
                variables(scope.platform(), app),
                "ports",
                List.of(Pods.port("http", app.port())),
                "resources",
                Quantities.of(app.resources(), AppPods.CORES_TEXT, AppPods.MEMORY_TEXT),
                "startupProbe",
                probe(app, 1, 2, Math.max(1, app.health().startup().toSeconds())),
                "readinessProbe",
                probe(app, 2, 2, 2),
                "livenessProbe",
                probe(app, 10, 5, 3),
                "lifecycle",
                Pods.pause(PAUSE_SECONDS),
                "securityContext",
                Pods.containerSecurity(),
                "volumeMounts",
                mounts(app));
    }

    private static Map<String, Object> probe(App app, int period, int timeout, long failures) {
        Map<String, Object> probe =
                Pods.probe(
                        app.health().path().orElse("/"),
                        "http",
                        period,
                        timeout,
                        Math.toIntExact(failures));
        if (app.health().path().isEmpty()) {
            probe.remove("httpGet");
            probe.put("tcpSocket", Tree.of("port", "http"));
        }
        return probe;
    }

    /// Secrets first: a variable of the file may say `$(NAME)` of those before it.
    private static List<Map<String, Object>> variables(Platform platform, App app) {
        List<Map<String, Object>> variables = new ArrayList<>();
        variables.add(Pods.variable(App.PORT, String.valueOf(app.port())));
        platform.gateway()
                .ifPresent(gateway -> variables.add(Pods.variable(App.GATEWAY_URL, url(gateway))));
        variables.addAll(VectorStores.variables(platform, app));
        for (App.Secret secret : app.secrets()) {
            variables.add(
                    Pods.secretVariable(
                            secret.env(),
                            secret.secretName().orElseGet(() -> Names.appKeys(app.name())),
                            secret.key().orElse(secret.env())));
        }
        app.env().forEach((name, value) -> variables.add(Pods.variable(name, value)));
        return variables;
    }

    private static String url(Gateway gateway) {
        return "%s://%s:%d"
                .formatted(
                        gateway.tls().isPresent() ? "https" : "http",
                        Names.gateway(gateway.name()),
                        GatewayObjects.port(gateway));
    }

    private static List<Map<String, Object>> mounts(App app) {
        List<Map<String, Object>> mounts = new ArrayList<>();
        mounts.add(Pods.mount("tmp", "/tmp"));
        List<String> folders = app.container().writable();
        for (int i = 0; i < folders.size(); i++) {
            mounts.add(Pods.mount("writable-" + (i + 1), folders.get(i)));
        }
        return mounts;
    }

    private static List<Map<String, Object>> volumes(App app) {
        List<Map<String, Object>> volumes = new ArrayList<>();
        volumes.add(Pods.empty("tmp"));
        for (int i = 0; i < app.container().writable().size(); i++) {
            volumes.add(Pods.empty("writable-" + (i + 1)));
        }
        return volumes;
    }
}
