package dev.tidemill.spec;

import dev.tidemill.spec.yaml.Key;
import dev.tidemill.spec.yaml.Presence;
import dev.tidemill.spec.yaml.Shape;
import dev.tidemill.spec.yaml.ValueTypes;
import java.util.List;
import java.util.Map;

/// The keys around every `spec`.
final class EnvelopeKeys {
    static final String API = "tidemill.dev/v1alpha1";

    static final Key.Value<String> API_VERSION =
            new Key.Value<>(
                    "apiVersion",
                    ValueTypes.choice(List.of(Map.entry(API, API))),
                    Presence.required(),
                    "The version of this format.");
    static final Key.Value<Kind> KIND =
            new Key.Value<>("kind", Kind.TYPE, Presence.required(), "What the document declares.");

    static final Key.Value<String> NAME =
            new Key.Value<>(
                    "name",
                    ValueTypes.name(),
                    Presence.required(),
                    "Unique among the documents of its kind in the file.");
    static final Key.Value<String> DESCRIPTION =
            new Key.Value<>(
                    "description", SpecTypes.description(), Presence.optional(), "For people.");
    static final Key.Section METADATA =
            new Key.Section(
                    "metadata",
                    Shape.of(NAME, DESCRIPTION),
                    Presence.required(),
                    "Names the document.");

    private EnvelopeKeys() {}

    static Key.Section spec(Shape shape) {
        return new Key.Section("spec", shape, Presence.required(), "What is wanted.");
    }

    static Shape envelope(Shape spec) {
        return Shape.of(API_VERSION, KIND, METADATA, spec(spec));
    }
}
