package dev.tidemill.manifests.crd;

import dev.tidemill.common.Digest;
import dev.tidemill.common.ResourceName;
import dev.tidemill.manifests.KubeObject;
import dev.tidemill.manifests.yaml.YamlWriter;
import dev.tidemill.spec.ResourceKind;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// The CustomResourceDefinitions of all kinds. There is one version, which is served and stored; a
/// later one is added beside it with a conversion, and stored only when nobody is left who reads
/// this one.
public final class Crds {
    /// Annotation with the digest of a definition.
    public static final String DIGEST = "tidemill.dev/definition";

    private static final int HEX = 16;

    private Crds() {}

    public static List<KubeObject> all() {
        return ResourceKind.all().stream().map(Crds::of).toList();
    }

    /// The plural by which a cluster's API calls a kind, such as `models`.
    public static String plural(String kind) {
        return kind.toLowerCase(Locale.ROOT) + "s";
    }

    private static KubeObject of(ResourceKind kind) {
        String plural = plural(kind.kind());
        Map<String, Object> spec = spec(kind, plural);
        Map<String, Object> crd = new LinkedHashMap<>();
        crd.put("apiVersion", "apiextensions.k8s.io/v1");
        crd.put("kind", "CustomResourceDefinition");
        crd.put(
                "metadata",
                tree(
                        "name",
                        plural + "." + ResourceKind.GROUP,
                        "labels",
                        tree(
                                "app.kubernetes.io/name",
                                "tidemill",
                                "app.kubernetes.io/component",
                                "crd",
                                "app.kubernetes.io/managed-by",
                                "tidemill"),
                        "annotations",
                        tree(DIGEST, digest(spec))));
        crd.put("spec", spec);
        return new KubeObject(crd);
    }

    private static Map<String, Object> spec(ResourceKind kind, String plural) {
        return tree(
                "group",
                ResourceKind.GROUP,
                "names",
                names(kind.kind(), plural),
                "scope",
                "Namespaced",
                "conversion",
                tree("strategy", "None"),
                "versions",
                List.of(version(kind)));
    }

    /// Of a definition of ours, by which one of another release is known.
    public static String digest(KubeObject crd) {
        return digest(Objects.requireNonNull(crd.fields().get("spec")));
    }

    private static String digest(Object spec) {
        return Digest.of(YamlWriter.write(tree("spec", spec)).getBytes(StandardCharsets.UTF_8))
                .hex()
                .substring(0, HEX);
    }

    private static Map<String, Object> names(String kind, String plural) {
        return tree(
                "kind",
                kind,
                "listKind",
                kind + "List",
                "plural",
                plural,
                "singular",
                kind.toLowerCase(Locale.ROOT),
                "shortNames",
                List.of("tm" + kind.substring(0, 1).toLowerCase(Locale.ROOT)),
                "categories",
                List.of("tidemill"));
    }

    private static Map<String, Object> version(ResourceKind kind) {
        return tree(
                "name",
                ResourceKind.VERSION,
                "served",
                true,
                "storage",
                true,
                "additionalPrinterColumns",
                Columns.of(kind.kind()),
                "subresources",
                tree("status", Map.of()),
                "schema",
                tree("openAPIV3Schema", schema(kind)));
    }

    private static Map<String, Object> schema(ResourceKind kind) {
        Map<String, Object> properties =
                tree(
                        "apiVersion",
                        tree("type", "string"),
                        "kind",
                        tree("type", "string"),
                        "metadata",
                        tree("type", "object"),
                        "spec",
                        new Schemas(kind.kind()).mapping("spec", kind.spec(), "What is wanted.", 1),
                        "status",
                        Statuses.of(kind.kind()));
        return tree(
                "type",
                "object",
                "required",
                List.of("spec"),
                "properties",
                properties,
                "x-kubernetes-validations",
                List.of(name().tree()));
    }

    /// A cluster's own rule for names is wider than ours.
    private static Rule name() {
        return new Rule(
                "self.metadata.name.matches(%s)"
                        .formatted(Cel.text(Cel.whole(ResourceName.PATTERN))),
                "metadata.name: (expected: %s)".formatted(ResourceName.EXPECTED),
                Optional.of(
                        "\"metadata.name: '\" + self.metadata.name + "
                                + Cel.text("' (expected: %s)".formatted(ResourceName.EXPECTED))),
                Optional.empty(),
                false);
    }

    static Map<String, Object> tree(Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], pairs[i + 1]);
        }
        return map;
    }
}
