package dev.tidemill.client.inference;

import java.util.Optional;
import java.util.OptionalDouble;
import tools.jackson.databind.JsonNode;

/// An answer, as sent, with the parts that most callers want.
public record InferenceAnswer(JsonNode json) {
    public String modelVersion() {
        return json.path("model_version").asString("");
    }

    /// The first element of the `label` output, where the model gives one.
    public Optional<String> label() {
        return output("label").map(output -> firstLeaf(output.path("data")).asString(""));
    }

    /// The largest value of the first row of any floating-point output: for a classifier, the
    /// probability of its label.
    public OptionalDouble highestScore() {
        for (JsonNode output : json.path("outputs")) {
            if (output.path("datatype").asString("").startsWith("FP")) {
                return highest(output.path("data"));
            }
        }
        return OptionalDouble.empty();
    }

    private Optional<JsonNode> output(String name) {
        for (JsonNode output : json.path("outputs")) {
            if (output.path("name").asString("").equals(name)) {
                return Optional.of(output);
            }
        }
        return Optional.empty();
    }

    private static JsonNode firstLeaf(JsonNode data) {
        JsonNode node = data;
        while (node.isArray() && !node.isEmpty()) {
            node = node.get(0);
        }
        return node;
    }

    private static OptionalDouble highest(JsonNode data) {
        OptionalDouble best = OptionalDouble.empty();
        for (JsonNode value : data) {
            OptionalDouble here =
                    value.isArray() ? highest(value) : OptionalDouble.of(value.asDouble(0));
            if (here.isPresent() && (best.isEmpty() || here.getAsDouble() > best.getAsDouble())) {
                best = here;
            }
        }
        return best;
    }
}
