package dev.tidemill.operator.keda;

import dev.tidemill.autoscale.Quantity;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.protos.externalscaler.ScaledObjectRef;
import java.util.Map;
import java.util.Optional;

/// What a trigger of a ScaledObject says.
///
/// @param metric a measure, another's name for one, or a source of the file
/// @param target so much a replica, or for all of them where its `metricType` is `Value`
/// @param activation above it the model is to run
record Trigger(String namespace, String model, String metric, double target, double activation) {
    /// @throws TidemillException `INVALID_REQUEST` for metadata that says nothing of use
    static Trigger of(ScaledObjectRef ref) {
        Map<String, String> said = ref.getScalerMetadataMap();
        return new Trigger(
                said.getOrDefault("namespace", ref.getNamespace()),
                text(said, "model"),
                text(said, "metric"),
                number(said, "target", Optional.empty()),
                number(said, "activation", Optional.of("0")));
    }

    /// By which KEDA asks for the value again.
    String name() {
        return "tidemill-" + model + "-" + metric;
    }

    private static String text(Map<String, String> said, String key) {
        String value = said.getOrDefault(key, "");
        if (value.isBlank()) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "metadata.%s: 'none' (expected: given, as of model, metric and target)"
                            .formatted(key));
        }
        return value.strip();
    }

    private static double number(Map<String, String> said, String key, Optional<String> otherwise) {
        String value =
                otherwise.isPresent() && !said.containsKey(key) ? otherwise.get() : text(said, key);
        double number = Quantity.parse(value.strip());
        boolean positive = otherwise.isPresent() ? number >= 0 : number > 0;
        if (!positive || Double.isInfinite(number)) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "metadata.%s: '%s' (expected: a number above 0 such as 8 or 500m)"
                            .formatted(key, value));
        }
        return number;
    }
}
