package dev.tidemill.benchmarks.serving;

import dev.tidemill.benchmarks.serving.Engine.Tensor;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/// As much of the protocol's JSON as a handler without features needs, read and written in one pass.
final class OpenInference {
    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
                    .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
                    .build();

    private OpenInference() {}

    /// @param body the request; binary inputs come after its JSON
    /// @param jsonLength how much of it is JSON
    static Request read(byte[] body, int jsonLength) {
        Request request = new Request(body, jsonLength);
        try (JsonParser in = JSON.createParser(ObjectReadContext.empty(), body, 0, jsonLength)) {
            in.nextToken();
            while (in.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = in.currentName();
                in.nextToken();
                switch (name) {
                    case "inputs" -> request.inputs(in);
                    case "parameters", "outputs" -> request.parameters(in);
                    default -> in.skipChildren();
                }
            }
        }
        return request;
    }

    static final class Request {
        final List<Tensor> inputs = new ArrayList<>(2);
        boolean binaryOutput;
        private final byte[] body;
        private int binaryAt;

        private Request(byte[] body, int jsonLength) {
            this.body = body;
            this.binaryAt = jsonLength;
        }

        private void inputs(JsonParser in) {
            while (in.nextToken() == JsonToken.START_OBJECT) {
                input(in);
            }
        }

        private void input(JsonParser in) {
            String name = "";
            String type = "";
            long[] shape = {};
            ByteBuffer data = ByteBuffer.allocate(0);
            while (in.nextToken() == JsonToken.PROPERTY_NAME) {
                String property = in.currentName();
                in.nextToken();
                switch (property) {
                    case "name" -> name = in.getString();
                    case "datatype" -> type = in.getString();
                    case "shape" -> shape = shape(in);
                    case "parameters" -> data = binary(in);
                    case "data" -> data = numbers(in, type, shape);
                    default -> in.skipChildren();
                }
            }
            inputs.add(new Tensor(name, type, shape, data));
        }

        private static long[] shape(JsonParser in) {
            long[] shape = new long[8];
            int rank = 0;
            while (in.nextToken() != JsonToken.END_ARRAY) {
                shape[rank++] = in.getLongValue();
            }
            return java.util.Arrays.copyOf(shape, rank);
        }

        /// Relies on name, shape and datatype coming first, as every client sends them.
        private static ByteBuffer numbers(JsonParser in, String type, long[] shape) {
            long count = 1;
            for (long dimension : shape) {
                count *= dimension;
            }
            ByteBuffer data =
                    ByteBuffer.allocateDirect(Math.toIntExact(count * 4))
                            .order(ByteOrder.LITTLE_ENDIAN);
            boolean integers = type.equals("INT32");
            int depth = 1;
            while (depth > 0) {
                JsonToken token = in.nextToken();
                if (token == JsonToken.START_ARRAY) {
                    depth++;
                } else if (token == JsonToken.END_ARRAY) {
                    depth--;
                } else if (integers) {
                    data.putInt(in.getIntValue());
                } else {
                    data.putFloat(in.getFloatValue());
                }
            }
            if (data.hasRemaining()) {
                throw new IllegalArgumentException("data: too few numbers");
            }
            return data.flip();
        }

        private ByteBuffer binary(JsonParser in) {
            int size = 0;
            while (in.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean wanted = in.currentName().equals("binary_data_size");
                in.nextToken();
                if (wanted) {
                    size = in.getIntValue();
                } else {
                    in.skipChildren();
                }
            }
            ByteBuffer data = ByteBuffer.allocateDirect(size).order(ByteOrder.LITTLE_ENDIAN);
            data.put(body, binaryAt, size).flip();
            binaryAt += size;
            return data;
        }

        /// Looks for binary_data and binary_data_output at any depth: one answer form per request.
        private void parameters(JsonParser in) {
            int depth = 0;
            do {
                JsonToken token = in.currentToken();
                if (token.isStructStart()) {
                    depth++;
                } else if (token.isStructEnd()) {
                    depth--;
                } else if (token == JsonToken.VALUE_TRUE) {
                    binaryOutput = true;
                }
            } while (depth > 0 && in.nextToken() != null);
        }
    }

    static byte[] json(String model, List<Tensor> outputs, boolean binary) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(512);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeStringProperty("model_name", model);
            json.writeStringProperty("model_version", "1");
            json.writeArrayPropertyStart("outputs");
            for (Tensor output : outputs) {
                json.writeStartObject();
                json.writeStringProperty("name", output.name());
                json.writeStringProperty("datatype", output.type());
                json.writeName("shape");
                json.writeArray(output.shape(), 0, output.shape().length);
                if (binary) {
                    json.writeObjectPropertyStart("parameters");
                    json.writeNumberProperty("binary_data_size", output.data().remaining());
                    json.writeEndObject();
                } else {
                    numbers(json, output);
                }
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return out.toByteArray();
    }

    private static void numbers(JsonGenerator json, Tensor output) {
        json.writeArrayPropertyStart("data");
        ByteBuffer data = output.data();
        boolean integers = output.type().equals("INT32");
        while (data.hasRemaining()) {
            if (integers) {
                json.writeNumber(data.getInt());
            } else {
                json.writeNumber(data.getFloat());
            }
        }
        json.writeEndArray();
    }

    static byte[] withTensors(byte[] json, List<Tensor> outputs) {
        int size = json.length;
        for (Tensor output : outputs) {
            size += output.data().remaining();
        }
        ByteBuffer all = ByteBuffer.allocate(size).put(json);
        outputs.forEach(output -> all.put(output.data()));
        return all.array();
    }

}
