package dev.tidemill.spec;

import dev.tidemill.spec.yaml.Shape;
import dev.tidemill.spec.yaml.ValueType;
import dev.tidemill.spec.yaml.ValueTypes;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/// The kinds, in the order of the reference.
enum Kind {
    TRAINING("Training"),
    MODEL("Model"),
    APP("App"),
    GATEWAY("Gateway"),
    ENVIRONMENT("Environment");

    static final ValueType<Kind> TYPE =
            ValueTypes.choice(
                    Arrays.stream(values()).map(kind -> Map.entry(kind.text, kind)).toList());

    private final String text;

    Kind(String text) {
        this.text = text;
    }

    static Optional<Kind> of(String text) {
        return Arrays.stream(values()).filter(kind -> kind.text.equals(text)).findFirst();
    }

    /// As written in a file.
    String text() {
        return text;
    }

    /// `a Model`, `an App`.
    String oneOf() {
        return ("AE".indexOf(text.charAt(0)) < 0 ? "a " : "an ") + text;
    }

    /// The keys under `spec`.
    Shape spec() {
        return switch (this) {
            case TRAINING -> TrainingKeys.SPEC;
            case MODEL -> ModelKeys.SPEC;
            case APP -> AppKeys.SPEC;
            case GATEWAY -> GatewayKeys.SPEC;
            case ENVIRONMENT -> EnvironmentReader.SHAPE;
        };
    }
}
