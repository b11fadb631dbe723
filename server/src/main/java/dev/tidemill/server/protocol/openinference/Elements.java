package dev.tidemill.server.protocol.openinference;

import static dev.tidemill.server.protocol.openinference.InferRequestReader.invalid;
import static dev.tidemill.server.protocol.openinference.InferRequestReader.kind;

import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.server.protocol.RawBytes;
import dev.tidemill.server.protocol.ShortDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Collects the elements of one tensor. Integers must be JSON integers in range, fractions must be
/// in range, or the words NaN and Infinity; truth is `true` or `false`: nothing is rounded, wrapped
/// or guessed.
sealed interface Elements {
    void add(JsonParser parser);

    Tensor tensor(String name, long[] shape);

    /// What [#of] takes.
    static long bytes(DataType type, int count) {
        return (long) count * (type == DataType.BYTES ? RawBytes.TEXT_BYTES : type.byteWidth());
    }

    static Elements of(DataType type, int count, String what) {
        return switch (type) {
            case BYTES -> new Texts(new ArrayList<>(count), what);
            case FP16, BF16 ->
                    throw invalid(
                            what + ".datatype",
                            type.name(),
                            "FP32; 16-bit fractions cannot travel as JSON");
            case BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64, FP32, FP64 ->
                    new Numbers(type, block(type, count, what), what);
        };
    }

    private static ByteBuffer block(DataType type, int count, String what) {
        long bytes = bytes(type, count);
        if (bytes > Integer.MAX_VALUE) {
            throw invalid(what + ".shape", bytes + " bytes", "less than 2 GiB");
        }
        return ByteBuffer.allocate((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    record Texts(List<byte[]> values, String what) implements Elements {
        @Override
        public void add(JsonParser parser) {
            values.add(
                    InferRequestReader.text(parser, what + ".data")
                            .getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public Tensor tensor(String name, long[] shape) {
            return new Tensor.Text(name, shape, values);
        }
    }

    record Numbers(DataType type, ByteBuffer data, String what) implements Elements {
        private static final BigInteger MAX_UINT64 =
                BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

        @Override
        public void add(JsonParser parser) {
            switch (type) {
                case FP32 -> data.putFloat(floatOf(parser));
                case FP64 -> data.putDouble(doubleOf(parser));
                case INT32 -> data.putInt((int) integer(parser, -1L << 31, (1L << 31) - 1));
                case INT64 -> data.putLong(integer(parser, Long.MIN_VALUE, Long.MAX_VALUE));
                case INT16 -> data.putShort((short) integer(parser, -1 << 15, (1 << 15) - 1));
                case INT8 -> data.put((byte) integer(parser, -128, 127));
                case UINT8 -> data.put((byte) integer(parser, 0, 255));
                case UINT16 -> data.putShort((short) integer(parser, 0, (1 << 16) - 1));
                case UINT32 -> data.putInt((int) integer(parser, 0, (1L << 32) - 1));
                case UINT64 -> data.putLong(unsigned(parser));
                case BOOL -> data.put(truth(parser));
                case FP16, BF16, BYTES -> throw new IllegalStateException(type.name());
            }
        }

        @Override
        public Tensor tensor(String name, long[] shape) {
            return new Tensor.Numeric(name, type, shape, data.flip());
        }

        private float floatOf(JsonParser parser) {
            requireNumber(parser);
            double quick = shortDecimal(parser);
            if (ShortDecimal.isNearestFloat(Math.abs(quick))) {
                return (float) quick;
            }
            float value = parser.getFloatValue();
            if (!Float.isFinite(value) && !parser.isNaN()) {
                throw refused("a number that is out of range");
            }
            return value;
        }

        private double doubleOf(JsonParser parser) {
            requireNumber(parser);
            double quick = shortDecimal(parser);
            if (!Double.isNaN(quick)) {
                return quick;
            }
            double value = parser.getDoubleValue();
            if (!Double.isFinite(value) && !parser.isNaN()) {
                throw refused("a number that is out of range");
            }
            return value;
        }

        /// @return NaN for what is longer
        private static double shortDecimal(JsonParser parser) {
            return parser.currentToken() == JsonToken.VALUE_NUMBER_FLOAT
                    ? ShortDecimal.parse(
                            parser.getStringCharacters(),
                            parser.getStringOffset(),
                            parser.getStringLength())
                    : Double.NaN;
        }

        private long integer(JsonParser parser, long min, long max) {
            requireInteger(parser);
            if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
                throw refused("an integer that is out of range");
            }
            long value = parser.getLongValue();
            if (value < min || value > max) {
                throw refused(String.valueOf(value));
            }
            return value;
        }

        private long unsigned(JsonParser parser) {
            requireInteger(parser);
            BigInteger value = parser.getBigIntegerValue();
            if (value.signum() < 0 || value.compareTo(MAX_UINT64) > 0) {
                throw refused("an integer that is out of range");
            }
            return value.longValue();
        }

        private byte truth(JsonParser parser) {
            if (parser.currentToken() != JsonToken.VALUE_TRUE
                    && parser.currentToken() != JsonToken.VALUE_FALSE) {
                throw refused(kind(parser));
            }
            return (byte) (parser.currentToken() == JsonToken.VALUE_TRUE ? 1 : 0);
        }

        private void requireNumber(JsonParser parser) {
            if (parser.currentToken() != JsonToken.VALUE_NUMBER_FLOAT
                    && parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
                throw refused(kind(parser));
            }
        }

        private void requireInteger(JsonParser parser) {
            if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
                throw refused(kind(parser));
            }
        }

        private RuntimeException refused(String found) {
            String expected =
                    switch (type) {
                        case BOOL -> "true or false";
                        case FP32, FP64 -> "a number in the range of " + type;
                        default -> "an integer in the range of " + type;
                    };
            return invalid(
                    what + ".data[" + data.position() / type.byteWidth() + "]", found, expected);
        }
    }
}
