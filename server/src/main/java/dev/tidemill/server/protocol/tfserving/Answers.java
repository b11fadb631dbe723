package dev.tidemill.server.protocol.tfserving;

import dev.tidemill.server.engine.ServedModel;
import dev.tidemill.server.protocol.tfserving.Classifier.Classifications;
import dev.tidemill.server.protocol.tfserving.Signature.Argument;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;

/// Writes every answer but the tensors. Fields and their order are those that TensorFlow Serving
/// prints, with nothing added: its clients compare whole documents.
final class Answers {
    private Answers() {}

    /// A list of pairs of label and score for each example.
    static byte[] classifications(Classifications result) {
        return JsonAnswer.write(
                32 + 24 * result.scores().length,
                json -> {
                    json.writeStartObject();
                    json.writeName("results");
                    json.writeStartArray();
                    for (int example = 0; example < result.examples(); example++) {
                        json.writeStartArray();
                        for (int column = 0; column < result.classes(); column++) {
                            byte[] label = result.label(column);
                            json.writeStartArray();
                            json.writeUTF8String(label, 0, label.length);
                            json.writeNumber(result.score(example, column));
                            json.writeEndArray();
                        }
                        json.writeEndArray();
                    }
                    json.writeEndArray();
                    json.writeEndObject();
                });
    }

    static byte[] regressions(float[] values) {
        return JsonAnswer.write(
                32 + 12 * values.length,
                json -> {
                    json.writeStartObject();
                    json.writeName("results");
                    json.writeStartArray();
                    for (float value : values) {
                        json.writeNumber(value);
                    }
                    json.writeEndArray();
                    json.writeEndObject();
                });
    }

    static byte[] status(List<VersionState> versions) {
        return JsonAnswer.write(
                256,
                json -> {
                    json.writeStartObject();
                    json.writeName("model_version_status");
                    json.writeStartArray();
                    for (VersionState version : versions) {
                        json.writeStartObject();
                        json.writeStringProperty("version", version.version());
                        json.writeStringProperty("state", version.state().name());
                        json.writeName("status");
                        json.writeStartObject();
                        json.writeStringProperty("error_code", version.errorCode());
                        json.writeStringProperty("error_message", version.message());
                        json.writeEndObject();
                        json.writeEndObject();
                    }
                    json.writeEndArray();
                    json.writeEndObject();
                });
    }

    static byte[] metadata(ServedModel model) {
        return JsonAnswer.write(
                1024,
                json -> {
                    json.writeStartObject();
                    json.writeName("model_spec");
                    json.writeStartObject();
                    json.writeStringProperty("name", model.name());
                    json.writeStringProperty("signature_name", "");
                    json.writeStringProperty("version", model.version());
                    json.writeEndObject();
                    json.writeName("metadata");
                    json.writeStartObject();
                    json.writeName("signature_def");
                    json.writeStartObject();
                    json.writeName("signature_def");
                    json.writeStartObject();
                    Signatures.of(model)
                            .forEach((name, signature) -> signature(json, name, signature));
                    json.writeEndObject();
                    json.writeEndObject();
                    json.writeEndObject();
                    json.writeEndObject();
                });
    }

    private static void signature(JsonGenerator json, String name, Signature signature) {
        json.writeName(name);
        json.writeStartObject();
        for (Map.Entry<String, List<Argument>> side :
                List.of(
                        Map.entry("inputs", signature.inputs()),
                        Map.entry("outputs", signature.outputs()))) {
            json.writeName(side.getKey());
            json.writeStartObject();
            side.getValue().forEach(argument -> argument(json, argument));
            json.writeEndObject();
        }
        json.writeStringProperty("method_name", signature.method());
        json.writeName("defaults");
        json.writeStartObject();
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void argument(JsonGenerator json, Argument argument) {
        json.writeName(argument.key());
        json.writeStartObject();
        json.writeStringProperty("dtype", argument.type().name());
        json.writeName("tensor_shape");
        json.writeStartObject();
        json.writeName("dim");
        json.writeStartArray();
        for (long size : argument.shape()) {
            json.writeStartObject();
            json.writeStringProperty("size", Long.toString(size));
            json.writeStringProperty("name", "");
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeBooleanProperty("unknown_rank", false);
        json.writeEndObject();
        json.writeStringProperty("name", argument.tensor());
        json.writeEndObject();
    }
}
