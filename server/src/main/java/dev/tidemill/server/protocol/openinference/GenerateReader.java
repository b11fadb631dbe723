package dev.tidemill.server.protocol.openinference;

import static dev.tidemill.server.protocol.openinference.InferRequestReader.invalid;
import static dev.tidemill.server.protocol.openinference.InferRequestReader.kind;
import static dev.tidemill.server.protocol.openinference.InferRequestReader.require;
import static dev.tidemill.server.protocol.openinference.InferRequestReader.text;

import dev.tidemill.common.TidemillException;
import dev.tidemill.http.Json;
import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Reads a request of Triton's generate extension, one JSON object: a key with the name of an input
/// is that input, a value or a list of values, and any other key is a parameter. So are the keys
/// inside `parameters`.
final class GenerateReader {
    private static final int FIRST_ROOM = 64;

    private final List<TensorSpec> specs;
    private final List<Tensor> inputs = new ArrayList<>();
    private final Map<String, Object> parameters = new HashMap<>();
    private Optional<String> id = Optional.empty();

    private GenerateReader(List<TensorSpec> specs) {
        this.specs = specs;
    }

    /// @param specs of the model's inputs
    /// @param body nothing stands for an empty object
    /// @throws TidemillException `INVALID_REQUEST`
    static GenerateRequest read(List<TensorSpec> specs, byte[] body) {
        GenerateReader reader = new GenerateReader(specs);
        if (body.length > 0) {
            try (JsonParser parser = new JsonText(body, body.length).parser()) {
                reader.read(parser);
            } catch (JacksonException e) {
                throw Json.invalid(e);
            }
        }
        return new GenerateRequest(reader.id, reader.inputs, reader.parameters);
    }

    private void read(JsonParser parser) {
        parser.nextToken();
        require(parser, JsonToken.START_OBJECT, "body", "an object");
        members(parser, true);
        if (parser.nextToken() != null) {
            throw invalid("body", "more after its end", "one JSON object");
        }
    }

    private void members(JsonParser parser, boolean top) {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = parser.currentName();
            JsonToken token = parser.nextToken();
            Optional<TensorSpec> input =
                    specs.stream().filter(spec -> spec.name().equals(key)).findFirst();
            if (input.isPresent()) {
                inputs.add(input(parser, input.get()));
            } else if (top && key.equals("id")) {
                id = Optional.of(text(parser, "id")).filter(said -> !said.isEmpty());
            } else if (top && key.equals("parameters")) {
                require(parser, JsonToken.START_OBJECT, "parameters", "an object");
                members(parser, false);
            } else {
                parameter(parser, key, token);
            }
        }
    }

    private void parameter(JsonParser parser, String key, JsonToken token) {
        if (!token.isScalarValue() || token == JsonToken.VALUE_NULL) {
            throw invalid(
                    "parameter " + key,
                    kind(parser),
                    "text, a number, true or false; or one of the inputs "
                            + specs.stream().map(TensorSpec::name).toList());
        }
        if (parameters.put(key, Parameters.value(parser, token)) != null) {
            throw invalid("parameters", key + " twice", "once");
        }
    }

    private static Tensor input(JsonParser parser, TensorSpec spec) {
        String what = "input " + spec.name();
        boolean list = parser.currentToken() == JsonToken.START_ARRAY;
        Elements elements = Elements.of(spec.type(), list ? FIRST_ROOM : 1, what);
        int count = 0;
        if (list) {
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                requireScalar(parser, what);
                elements = roomy(elements);
                elements.add(parser);
                count++;
            }
        } else {
            requireScalar(parser, what);
            elements.add(parser);
            count = 1;
        }
        return elements.tensor(spec.name(), shape(spec, count));
    }

    private static void requireScalar(JsonParser parser, String what) {
        if (!parser.currentToken().isScalarValue()) {
            throw invalid(what, kind(parser), "a value or a list of values");
        }
    }

    /// With room for one more.
    private static Elements roomy(Elements elements) {
        if (!(elements instanceof Elements.Numbers(DataType type, ByteBuffer data, String what))
                || data.hasRemaining()) {
            return elements;
        }
        ByteBuffer larger =
                ByteBuffer.allocate(Math.multiplyExact(data.capacity(), 2))
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .put(data.flip());
        return new Elements.Numbers(type, larger, what);
    }

    /// As Triton distributes the values: over the fixed dimensions, the rest to the innermost of
    /// the open ones; the other open ones are 1.
    private static long[] shape(TensorSpec spec, int count) {
        long left = count;
        for (long size : spec.shape()) {
            if (size == 0 || (size > 0 && left % size != 0)) {
                throw misfit(spec, count);
            }
            left = size > 0 ? left / size : left;
        }
        long[] shape = new long[spec.shape().size()];
        for (int i = shape.length - 1; i >= 0; i--) {
            shape[i] = spec.shape().get(i);
            if (shape[i] < 0) {
                shape[i] = left;
                left = 1;
            }
        }
        if (left != 1) {
            throw misfit(spec, count);
        }
        return shape;
    }

    private static TidemillException misfit(TensorSpec spec, int count) {
        return invalid(
                "input " + spec.name(), count + " values", "as many as fill " + spec.shape());
    }
}
