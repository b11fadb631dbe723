package dev.tidemill.spec.cluster;

import dev.tidemill.common.ByteSize;
import dev.tidemill.spec.yaml.Key;
import dev.tidemill.spec.yaml.Presence;
import dev.tidemill.spec.yaml.Shape;
import dev.tidemill.spec.yaml.ValueTypes;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The keys of an `Environment` that say what the cluster has.
final class EnvironmentKeys {
    static final Key.Value<String> NAMESPACE =
            new Key.Value<>(
                    "namespace",
                    ValueTypes.name(),
                    Presence.optional("the current one, which is then not made"),
                    "Where everything goes; made, with the labels of Pod Security.");
    static final Key.Value<String> POD_SECURITY =
            new Key.Value<>(
                    "podSecurity",
                    PodKeys.word("restricted", "baseline", "privileged"),
                    Presence.otherwise("restricted"),
                    "The Pod Security Standard that the namespace enforces.");

    static final Key.Value<String> IMAGE_NAME =
            new Key.Value<>(
                    "name",
                    ClusterTypes.image(),
                    Presence.optional("the release's"),
                    "Our image in your registry.");
    static final Key.Value<String> PULL_POLICY =
            new Key.Value<>(
                    "pullPolicy",
                    PodKeys.word("IfNotPresent", "Always", "Never"),
                    Presence.otherwise("IfNotPresent"),
                    "When nodes pull it.");
    static final Key.Values<String> PULL_SECRETS =
            new Key.Values<>(
                    "pullSecrets",
                    ClusterTypes.subdomain("registry-key"),
                    10,
                    "Secrets that open the registry.");
    static final Key.Value<ModelImageMount> MODEL_IMAGES =
            new Key.Value<>(
                    "models",
                    ValueTypes.choice(
                            List.of(
                                    Map.entry("volume", ModelImageMount.VOLUME),
                                    Map.entry("copy", ModelImageMount.COPY))),
                    Presence.otherwise("volume"),
                    "How pods get at models with `source: oci://`: `volume`, mounted (Kubernetes 1.35,"
                            + " or 1.33 with ImageVolume); `copy`, by a shell in the image.");
    static final Key.Section IMAGE =
            new Key.Section(
                    "image",
                    Shape.of(IMAGE_NAME, PULL_POLICY, PULL_SECRETS, MODEL_IMAGES),
                    Presence.otherwise("{}"),
                    "What the pods run.");

    static final Key.Pairs<String> LABELS =
            new Key.Pairs<>(
                    "labels",
                    ClusterTypes.labelKey(),
                    ClusterTypes.labelValue(),
                    "Of every object, beside ours.");
    static final Key.Pairs<String> ANNOTATIONS =
            new Key.Pairs<>(
                    "annotations",
                    ClusterTypes.labelKey(),
                    ClusterTypes.annotation(),
                    "Of every object.");
    static final Key.Value<String> STORAGE_CLASS =
            new Key.Value<>(
                    "storageClassName",
                    ClusterTypes.subdomain("ssd"),
                    Presence.optional("the cluster's default"),
                    "Of every volume that is claimed.");
    static final Key.Value<ReplicaSetter> SCALING =
            new Key.Value<>(
                    "scaling",
                    ValueTypes.choice(
                            List.of(
                                    Map.entry("hpa", ReplicaSetter.HPA),
                                    Map.entry("tidemill", ReplicaSetter.TIDEMILL),
                                    Map.entry("keda", ReplicaSetter.KEDA),
                                    Map.entry("none", ReplicaSetter.NONE))),
                    Presence.otherwise("hpa"),
                    "Who sets the number of replicas: `hpa`, a HorizontalPodAutoscaler of each model;"
                            + " `tidemill`, our operator; `keda`, a ScaledObject of each model;"
                            + " `none`, always `scaling.min`.");

    static final Key.Value<ByteSize> STORAGE =
            new Key.Value<>(
                    "storage",
                    ValueTypes.size("1Gi", "64Ti"),
                    Presence.otherwise("10Gi"),
                    "Of its volume.");
    static final Key.Section CONTROL_RESOURCES =
            ResourceKeys.section("What it may use; trainings run in it.");
    static final Key.Section CONTROL =
            new Key.Section(
                    "control",
                    Shape.of(STORAGE, CONTROL_RESOURCES, PodKeys.POD),
                    Presence.otherwise("{}"),
                    "The registry and the trainings.");

    static final Key.Value<Boolean> ENABLED =
            new Key.Value<>(
                    "enabled",
                    ValueTypes.choice(List.of(Map.entry("true", true), Map.entry("false", false))),
                    Presence.otherwise("true"),
                    "Whether NetworkPolicies are made.");
    static final Key.Values<String> GATEWAY_FROM =
            new Key.Values<>(
                    "gatewayFrom",
                    ValueTypes.name(),
                    20,
                    "Namespaces that may call the gateway, such as ingress-nginx; from anywhere when"
                            + " there is none.");
    static final Key.Values<String> METRICS_FROM =
            new Key.Values<>(
                    "metricsFrom",
                    ValueTypes.name(),
                    20,
                    "Namespaces that may read metrics, such as monitoring.");
    static final Key.Section NETWORK =
            new Key.Section(
                    "networkPolicy",
                    Shape.of(ENABLED, GATEWAY_FROM, METRICS_FROM),
                    Presence.otherwise("{}"),
                    "Who may talk to whom; all that is not named is denied.");

    static final Key.Value<Duration> INTERVAL =
            new Key.Value<>(
                    "interval",
                    ValueTypes.duration("1s", "1h"),
                    Presence.otherwise("30s"),
                    "Between two looks.");
    static final Key.Pairs<String> MONITOR_LABELS =
            new Key.Pairs<>(
                    "labels",
                    ClusterTypes.labelKey(),
                    ClusterTypes.labelValue(),
                    "That Prometheus selects ServiceMonitors by.");
    static final Key.Section MONITOR =
            new Key.Section(
                    "serviceMonitor",
                    Shape.of(INTERVAL, MONITOR_LABELS),
                    Presence.optional("none is made"),
                    "For the Prometheus Operator.");

    static final Key.Pairs<String> QUOTA = quantities("quota", "Hard limits of a ResourceQuota.");
    static final Key.Pairs<String> DEFAULTS = quantities("default", "Limits when none are given.");
    static final Key.Pairs<String> DEFAULT_REQUESTS =
            quantities("defaultRequest", "Requests when none are given.");
    static final Key.Pairs<String> MIN = quantities("min", "The least.");
    static final Key.Pairs<String> MAX = quantities("max", "The most.");
    static final Key.Section LIMIT_RANGE =
            new Key.Section(
                    "limitRange",
                    Shape.of(DEFAULTS, DEFAULT_REQUESTS, MIN, MAX),
                    Presence.optional("none is made"),
                    "A LimitRange for containers.");
    static final Key.Value<Integer> PRIORITY =
            new Key.Value<>(
                    "priority",
                    ValueTypes.whole(-1_000_000_000, 1_000_000_000),
                    Presence.optional("no PriorityClass is made"),
                    "Of all pods: the value of a PriorityClass that is made for them.");

    private EnvironmentKeys() {}

    private static Key.Pairs<String> quantities(String name, String meaning) {
        return new Key.Pairs<>(name, ClusterTypes.labelKey(), ClusterTypes.quantity(), meaning);
    }
}
