package dev.tidemill.spec;

import dev.tidemill.spec.cluster.ClusterReader;
import dev.tidemill.spec.yaml.Key;
import dev.tidemill.spec.yaml.Located;
import dev.tidemill.spec.yaml.MappingCursor;
import dev.tidemill.spec.yaml.Presence;
import dev.tidemill.spec.yaml.Shape;
import dev.tidemill.spec.yaml.ValueTypes;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads the `spec` of an environment. What its patches hold is read with the documents that they
/// change, see [Patches].
final class EnvironmentReader {
    private static final Key.Value<Kind> KIND =
            new Key.Value<>(
                    "kind",
                    ValueTypes.choice(
                            List.of(
                                    Map.entry("Training", Kind.TRAINING),
                                    Map.entry("Model", Kind.MODEL),
                                    Map.entry("App", Kind.APP),
                                    Map.entry("Gateway", Kind.GATEWAY))),
                    Presence.required(),
                    "Of the document.");
    private static final Key.Value<String> NAME =
            new Key.Value<>(
                    "name",
                    ValueTypes.name(),
                    Presence.required(),
                    "Of the document in this file.");
    private static final Key.Tree SPEC =
            new Key.Tree(
                    "spec",
                    Presence.required(),
                    "Laid over that document's: mappings are merged, all else is replaced, and a key"
                            + " without a value is taken out.");
    private static final Key.Sections PATCHES =
            new Key.Sections(
                    "patches",
                    Shape.of(KIND, NAME, SPEC),
                    0,
                    200,
                    Presence.optional(),
                    "What is different in this environment.");

    static final Shape SHAPE = ClusterReader.SHAPE.and(List.of(PATCHES));

    private EnvironmentReader() {}

    static Environment read(DocumentContext context, MappingCursor spec) {
        ClusterReader cluster = new ClusterReader(spec);
        Set<Environment.Patched> seen = new HashSet<>();
        List<Environment.Patched> patches =
                spec.children(PATCHES).stream()
                        .flatMap(patch -> patched(context, patch, seen).stream())
                        .toList();
        return new Environment(
                context.metadata(),
                context.place(),
                cluster.namespace(),
                cluster.rules(),
                cluster.image(),
                cluster.labels(),
                cluster.annotations(),
                cluster.storageClassName(),
                cluster.scaling(),
                cluster.control(),
                cluster.network(),
                cluster.monitoring(),
                cluster.priority(),
                cluster.state(),
                patches);
    }

    private static Optional<Environment.Patched> patched(
            DocumentContext context, MappingCursor patch, Set<Environment.Patched> seen) {
        Kind kind = patch.get(KIND);
        Optional<Located<String>> name = patch.locate(NAME);
        boolean whole = patch.isMapping(SPEC);
        if (name.isEmpty() || !patch.isSound(KIND)) {
            return Optional.empty();
        }
        context.refersTo(kind, name.get());
        Environment.Patched patched = new Environment.Patched(kind.text(), name.get().value());
        if (!seen.add(patched)) {
            patch.problem(NAME, "each document once");
        }
        return whole ? Optional.of(patched) : Optional.empty();
    }
}
