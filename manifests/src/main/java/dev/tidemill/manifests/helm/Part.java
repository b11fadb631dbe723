package dev.tidemill.manifests.helm;

import dev.tidemill.manifests.KubeObject;
import java.util.List;
import java.util.Map;

/// Whose value something is.
sealed interface Part {
    /// Where it is among the values.
    List<String> path();

    /// How a template says that.
    String expression();

    /// Of everything.
    record Chart() implements Part {
        @Override
        public List<String> path() {
            return List.of();
        }

        @Override
        public String expression() {
            return ".Values";
        }
    }

    /// Of the image.
    record Image() implements Part {
        @Override
        public List<String> path() {
            return List.of("image");
        }

        @Override
        public String expression() {
            return ".Values.image";
        }
    }

    /// Of `gateway` or `control`.
    record Component(String name) implements Part {
        @Override
        public List<String> path() {
            return List.of(name);
        }

        @Override
        public String expression() {
            return ".Values." + name;
        }
    }

    /// Of the servers of a model, whose name may be no word of a template.
    record Model(String name) implements Part {
        @Override
        public List<String> path() {
            return List.of("models", name);
        }

        @Override
        public String expression() {
            return "(index .Values.models \"%s\")".formatted(name);
        }
    }

    /// Whether it is of one of several kinds of replicas.
    static boolean ofKind(KubeObject object) {
        return object.fields().get("metadata") instanceof Map<?, ?> metadata
                && metadata.get("labels") instanceof Map<?, ?> labels
                && labels.containsKey("tidemill.dev/kind");
    }

    /// @param object with our labels
    static Part of(KubeObject object) {
        if (object.fields().get("metadata") instanceof Map<?, ?> metadata
                && metadata.get("labels") instanceof Map<?, ?> labels) {
            Object model = labels.get("tidemill.dev/model");
            return model == null
                    ? new Component(String.valueOf(labels.get("app.kubernetes.io/component")))
                    : new Model(String.valueOf(model));
        }
        return new Chart();
    }
}
