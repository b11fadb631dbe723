package dev.tidemill.spec;

import dev.tidemill.spec.yaml.YamlDocument;
import dev.tidemill.spec.yaml.YamlNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Lays the patches of one environment over the documents of its file, before any is read: what is
/// wrong in a patch is found as if it stood in the document, on the patch's own line.
final class Patches {
    private final Map<String, YamlNode.Mapping> byDocument;

    private Patches(Map<String, YamlNode.Mapping> byDocument) {
        this.byDocument = byDocument;
    }

    /// @param environment name of an `Environment` among the documents
    static Patches of(List<YamlDocument> documents, String environment) {
        Map<String, YamlNode.Mapping> patches = new LinkedHashMap<>();
        for (YamlDocument document : documents) {
            if (Optional.of(Kind.ENVIRONMENT.text() + "/" + environment)
                            .equals(subject(document.root()))
                    && child(document.root(), "spec")
                                    .flatMap(spec -> child(spec, "patches"))
                                    .orElse(null)
                            instanceof YamlNode.Sequence list) {
                list.items().forEach(patch -> add(patch, patches));
            }
        }
        return new Patches(patches);
    }

    private static void add(YamlNode patch, Map<String, YamlNode.Mapping> patches) {
        Optional<String> kind = text(patch, "kind");
        Optional<String> name = text(patch, "name");
        if (kind.isPresent()
                && name.isPresent()
                && child(patch, "spec").orElse(null) instanceof YamlNode.Mapping spec) {
            patches.putIfAbsent(kind.get() + "/" + name.get(), spec);
        }
    }

    YamlDocument apply(YamlDocument document) {
        YamlNode.Mapping patch = subject(document.root()).map(byDocument::get).orElse(null);
        if (patch == null || !(document.root() instanceof YamlNode.Mapping root)) {
            return document;
        }
        YamlNode.Mapping whole =
                new YamlNode.Mapping(
                        List.of(new YamlNode.Entry("spec", patch.line(), patch)), patch.line());
        return new YamlDocument(
                document.number(), merge(root, whole), document.text(), document.isSound());
    }

    /// As in a JSON merge patch: mappings are merged, null takes out, all else replaces.
    private static YamlNode.Mapping merge(YamlNode.Mapping base, YamlNode.Mapping patch) {
        List<YamlNode.Entry> merged = new ArrayList<>();
        for (YamlNode.Entry entry : base.entries()) {
            Optional<YamlNode.Entry> over = entry(patch, entry.key());
            if (over.isEmpty()) {
                merged.add(entry);
            } else if (entry.value() instanceof YamlNode.Mapping left
                    && over.get().value() instanceof YamlNode.Mapping right) {
                merged.add(new YamlNode.Entry(entry.key(), entry.line(), merge(left, right)));
            } else if (!isNull(over.get().value())) {
                merged.add(over.get());
            }
        }
        for (YamlNode.Entry entry : patch.entries()) {
            if (base.find(entry.key()).isEmpty() && !isNull(entry.value())) {
                merged.add(entry);
            }
        }
        return new YamlNode.Mapping(merged, base.line());
    }

    private static Optional<YamlNode.Entry> entry(YamlNode.Mapping mapping, String key) {
        return mapping.entries().stream().filter(entry -> entry.key().equals(key)).findFirst();
    }

    private static boolean isNull(YamlNode node) {
        return node instanceof YamlNode.Scalar scalar && scalar.type() == YamlNode.Type.NULL;
    }

    /// `KIND/NAME` of a document.
    static Optional<String> subject(YamlNode root) {
        Optional<String> name = child(root, "metadata").flatMap(metadata -> text(metadata, "name"));
        return text(root, "kind").flatMap(kind -> name.map(given -> kind + "/" + given));
    }

    private static Optional<YamlNode> child(YamlNode node, String key) {
        return node instanceof YamlNode.Mapping mapping ? mapping.find(key) : Optional.empty();
    }

    private static Optional<String> text(YamlNode node, String key) {
        return child(node, key).orElse(null) instanceof YamlNode.Scalar scalar
                ? Optional.of(scalar.text())
                : Optional.empty();
    }
}
