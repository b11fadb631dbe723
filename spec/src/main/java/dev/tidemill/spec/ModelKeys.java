package dev.tidemill.spec;

import dev.tidemill.common.ByteSize;
import dev.tidemill.spec.scaling.ScalingKeys;
import dev.tidemill.spec.yaml.Key;
import dev.tidemill.spec.yaml.Presence;
import dev.tidemill.spec.yaml.Shape;
import dev.tidemill.spec.yaml.ValueType;
import dev.tidemill.spec.yaml.ValueTypes;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The keys of a `Model`.
final class ModelKeys {
    static final Key.Value<Source> SOURCE =
            new Key.Value<>(
                    "source",
                    SourceType.TYPE,
                    Presence.required(),
                    "A version in the registry (the newest, by alias, by number) or a file.");
    static final Key.Value<RuntimeKind> RUNTIME =
            new Key.Value<>(
                    "runtime",
                    ValueTypes.choice(List.of(Map.entry("onnx", RuntimeKind.ONNX))),
                    Presence.otherwise("onnx"),
                    "What runs it.");

    static final Key.Value<Double> CPU =
            new Key.Value<>(
                    "cpu",
                    cores(),
                    Presence.optional("not limited"),
                    "Cores that one replica may use.");
    static final Key.Value<ByteSize> MEMORY =
            new Key.Value<>(
                    "memory",
                    ValueTypes.size("16Mi", "16Ti"),
                    Presence.optional("not limited"),
                    "Memory that one replica may use.");
    static final Key.Section RESOURCES =
            new Key.Section(
                    "resources",
                    Shape.of(CPU, MEMORY),
                    Presence.optional("not limited"),
                    "What one replica may use.");

    static final Key.Value<String> SHARES_REPLICAS_WITH =
            new Key.Value<>(
                    "sharesReplicasWith",
                    ValueTypes.name(),
                    Presence.optional("replicas of its own"),
                    "The model of this file whose replicas serve this one too; then without"
                            + " `scaling`.");

    static final Shape SPEC =
            Shape.of(SOURCE, RUNTIME, RESOURCES, SHARES_REPLICAS_WITH, ScalingKeys.SCALING);

    private ModelKeys() {}

    /// Cores as Kubernetes writes them.
    private static ValueType<Double> cores() {
        return new ValueType<>(
                "cores such as 2, 0.5 or 500m, from 1m to 1024",
                1.0,
                scalar ->
                        (scalar.text().matches("\\d{1,7}m")
                                        ? Optional.of(milli(scalar.text()))
                                        : ValueTypes.finite(scalar))
                                .filter(cores -> cores >= 0.001 && cores <= 1024));
    }

    private static double milli(String text) {
        return Integer.parseInt(text.substring(0, text.length() - 1)) / 1000.0;
    }
}
