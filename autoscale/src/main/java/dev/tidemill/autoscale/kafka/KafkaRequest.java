package dev.tidemill.autoscale.kafka;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// Writes one request. Texts have two bytes of length, lists four.
final class KafkaRequest {
    private static final String CLIENT = "tidemill";

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);

    KafkaRequest(KafkaApi api, int number) {
        int16(api.key());
        int16(api.version());
        int32(number);
        text(CLIENT);
    }

    KafkaRequest int8(int value) {
        return write(() -> out.writeByte(value));
    }

    KafkaRequest int16(int value) {
        return write(() -> out.writeShort(value));
    }

    KafkaRequest int32(int value) {
        return write(() -> out.writeInt(value));
    }

    KafkaRequest int64(long value) {
        return write(() -> out.writeLong(value));
    }

    KafkaRequest text(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        int16(utf8.length);
        return write(() -> out.write(utf8));
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }

    private KafkaRequest write(Writing writing) {
        try {
            writing.run();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e); // into memory: it does not happen
        }
    }

    private interface Writing {
        void run() throws IOException;
    }
}
