package dev.tidemill.spec.cluster;

import dev.tidemill.common.ByteSize;
import dev.tidemill.spec.ModelResources;
import dev.tidemill.spec.yaml.Form;
import dev.tidemill.spec.yaml.Key;
import dev.tidemill.spec.yaml.MappingCursor;
import dev.tidemill.spec.yaml.Presence;
import dev.tidemill.spec.yaml.Shape;
import dev.tidemill.spec.yaml.ValueType;
import dev.tidemill.spec.yaml.ValueTypes;
import java.util.Optional;

/// The keys of `resources`.
public final class ResourceKeys {
    private static final Key.Value<Double> CPU =
            new Key.Value<>(
                    "cpu",
                    cores(),
                    Presence.optional("not limited"),
                    "Cores that one replica may use.");
    private static final Key.Value<ByteSize> MEMORY =
            new Key.Value<>(
                    "memory",
                    ValueTypes.size("16Mi", "16Ti"),
                    Presence.optional("not limited"),
                    "Memory that one replica may use.");
    private static final Key.Value<Integer> GPU =
            new Key.Value<>(
                    "gpu",
                    ValueTypes.whole(1, 64),
                    Presence.optional(),
                    "On Kubernetes: NVIDIA GPUs of one replica, `nvidia.com/gpu`.");

    private ResourceKeys() {}

    /// For processes that use no GPU.
    static Key.Section section(String meaning) {
        return new Key.Section(
                "resources", Shape.of(CPU, MEMORY), Presence.optional("not limited"), meaning);
    }

    /// Of a model's servers.
    public static Key.Section withGpu(String meaning) {
        return new Key.Section(
                "resources", Shape.of(CPU, MEMORY, GPU), Presence.optional("not limited"), meaning);
    }

    static ModelResources read(MappingCursor resources) {
        return new ModelResources(resources.find(CPU), resources.find(MEMORY), Optional.empty());
    }

    public static ModelResources readWithGpu(MappingCursor resources) {
        return new ModelResources(resources.find(CPU), resources.find(MEMORY), resources.find(GPU));
    }

    /// Cores as Kubernetes writes them.
    private static ValueType<Double> cores() {
        return new ValueType<>(
                        "cores such as 2, 0.5 or 500m, from 1m to 1024",
                        1.0,
                        scalar ->
                                (scalar.text().matches("\\d{1,7}m")
                                                ? Optional.of(milli(scalar.text()))
                                                : ValueTypes.finite(scalar))
                                        .filter(cores -> cores >= 0.001 && cores <= 1024))
                .as(new Form.NumberOrText("\\d{1,7}m"));
    }

    private static double milli(String text) {
        return Integer.parseInt(text.substring(0, text.length() - 1)) / 1000.0;
    }
}
