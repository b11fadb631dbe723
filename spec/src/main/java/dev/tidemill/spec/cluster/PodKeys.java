package dev.tidemill.spec.cluster;

import dev.tidemill.spec.yaml.Key;
import dev.tidemill.spec.yaml.MappingCursor;
import dev.tidemill.spec.yaml.Presence;
import dev.tidemill.spec.yaml.Shape;
import dev.tidemill.spec.yaml.ValueType;
import dev.tidemill.spec.yaml.ValueTypes;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The keys of `pod`, and of a model's `volume`.
public final class PodKeys {
    private static final Key.Pairs<String> NODE_SELECTOR =
            new Key.Pairs<>(
                    "nodeSelector",
                    ClusterTypes.labelKey(),
                    ClusterTypes.labelValue(),
                    "Labels that a node must have.");
    private static final Key.Value<String> TOLERATION_KEY =
            new Key.Value<>(
                    "key",
                    ClusterTypes.labelKey(),
                    Presence.optional("every taint"),
                    "Of the taint.");
    private static final Key.Value<String> OPERATOR =
            new Key.Value<>(
                    "operator",
                    word("Equal", "Exists"),
                    Presence.otherwise("Equal"),
                    "`Exists` for any value.");
    private static final Key.Value<String> VALUE =
            new Key.Value<>(
                    "value",
                    ClusterTypes.labelValue(),
                    Presence.optional(),
                    "Of the taint; not with `Exists`.");
    private static final Key.Value<String> EFFECT =
            new Key.Value<>(
                    "effect",
                    word("NoSchedule", "PreferNoSchedule", "NoExecute"),
                    Presence.optional("every effect"),
                    "Of the taint.");
    private static final Key.Value<Integer> SECONDS =
            new Key.Value<>(
                    "tolerationSeconds",
                    ValueTypes.whole(0, 86_400),
                    Presence.optional("for ever"),
                    "How long a pod stays once the taint came; with `NoExecute` only.");
    private static final Key.Sections TOLERATIONS =
            new Key.Sections(
                    "tolerations",
                    Shape.of(TOLERATION_KEY, OPERATOR, VALUE, EFFECT, SECONDS),
                    0,
                    20,
                    Presence.optional(),
                    "Taints of nodes that do not keep the pods away.");
    private static final Key.Value<String> PRIORITY_CLASS =
            new Key.Value<>(
                    "priorityClassName",
                    ClusterTypes.subdomain("high-priority"),
                    Presence.optional("that of the environment"),
                    "A PriorityClass of the cluster.");
    private static final Key.Value<String> RUNTIME_CLASS =
            new Key.Value<>(
                    "runtimeClassName",
                    ClusterTypes.subdomain("nvidia"),
                    Presence.optional(),
                    "A RuntimeClass of the cluster.");
    private static final Key.Pairs<String> LABELS =
            new Key.Pairs<>(
                    "labels",
                    ClusterTypes.labelKey(),
                    ClusterTypes.labelValue(),
                    "Of the pods, beside ours.");
    private static final Key.Pairs<String> ANNOTATIONS =
            new Key.Pairs<>(
                    "annotations",
                    ClusterTypes.labelKey(),
                    ClusterTypes.annotation(),
                    "Of the pods, beside ours.");
    public static final Key.Section POD =
            new Key.Section(
                    "pod",
                    Shape.of(
                            NODE_SELECTOR,
                            TOLERATIONS,
                            PRIORITY_CLASS,
                            RUNTIME_CLASS,
                            LABELS,
                            ANNOTATIONS),
                    Presence.otherwise("{}"),
                    "On Kubernetes: where the pods may run and what they carry.");

    private static final Key.Value<String> CLAIM =
            new Key.Value<>(
                    "claimName",
                    ClusterTypes.subdomain("models"),
                    Presence.required(),
                    "A PersistentVolumeClaim.");
    private static final Key.Value<String> PATH =
            new Key.Value<>(
                    "path",
                    inside("models/vision"),
                    Presence.optional("its root"),
                    "Of the folder in the volume.");
    public static final Key.Section VOLUME =
            new Key.Section(
                    "volume",
                    Shape.of(CLAIM, PATH),
                    Presence.optional("pulled from the registry"),
                    "On Kubernetes: a volume with NAME/VERSION/files, which is served instead of"
                            + " what `source` says.");

    private PodKeys() {}

    /// A volume that something needs.
    static Key.Section volume(String meaning) {
        return new Key.Section("volume", Shape.of(CLAIM, PATH), Presence.required(), meaning);
    }

    /// A volume that something is written to.
    static Key.Section output(String meaning) {
        return new Key.Section("output", Shape.of(CLAIM, PATH), Presence.required(), meaning);
    }

    static ModelVolume volume(MappingCursor given) {
        return new ModelVolume(given.get(CLAIM), given.find(PATH));
    }

    public static PodSettings read(MappingCursor parent) {
        MappingCursor pod = parent.child(POD);
        return new PodSettings(
                pod.pairs(NODE_SELECTOR),
                pod.children(TOLERATIONS).stream().map(PodKeys::toleration).toList(),
                pod.find(PRIORITY_CLASS),
                pod.find(RUNTIME_CLASS),
                pod.pairs(LABELS),
                pod.pairs(ANNOTATIONS));
    }

    public static Optional<ModelVolume> readVolume(MappingCursor model) {
        if (!model.has(VOLUME)) {
            return Optional.empty();
        }
        return Optional.of(volume(model.child(VOLUME)));
    }

    private static Toleration toleration(MappingCursor given) {
        String operator = given.get(OPERATOR);
        if (operator.equals("Exists") && given.has(VALUE)) {
            given.problem(VALUE, "no value beside operator: Exists");
        }
        if (operator.equals("Equal") && !given.has(TOLERATION_KEY)) {
            given.problem(TOLERATION_KEY, "a key, or operator: Exists");
        }
        return new Toleration(
                given.find(TOLERATION_KEY),
                operator,
                given.find(VALUE),
                given.find(EFFECT),
                given.find(SECONDS));
    }

    static ValueType<String> word(String... words) {
        return ValueTypes.choice(
                List.of(words).stream().map(word -> Map.entry(word, word)).toList());
    }

    /// A path that leads nowhere else.
    public static ValueType<String> inside(String example) {
        return ValueTypes.matching(
                "a path inside the volume such as " + example, "models", PodKeys::isInside);
    }

    private static boolean isInside(String text) {
        return text.matches("[A-Za-z0-9._/-]{1,500}")
                && !text.startsWith("/")
                && List.of(text.split("/")).stream().noneMatch(part -> part.equals(".."));
    }
}
