package dev.tidemill.autoscale.kafka;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Reads one answer. Whatever is not one is an `IOException`, never a huge list.
final class KafkaAnswer {
    private final ByteBuffer in;

    KafkaAnswer(byte[] bytes) {
        this.in = ByteBuffer.wrap(bytes);
    }

    interface Reading<T> {
        T read() throws IOException;
    }

    int int8() throws IOException {
        return number(1, in::get).intValue();
    }

    int int16() throws IOException {
        return number(2, in::getShort).intValue();
    }

    int int32() throws IOException {
        return number(4, in::getInt).intValue();
    }

    long int64() throws IOException {
        return number(8, in::getLong).longValue();
    }

    /// Empty for none.
    String text() throws IOException {
        int length = int16();
        if (length <= 0) {
            return "";
        }
        if (length > in.remaining()) {
            throw new IOException("a text that is cut off");
        }
        byte[] utf8 = new byte[length];
        in.get(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }

    /// Every item is a byte long at least.
    <T> List<T> list(Reading<T> item) throws IOException {
        int count = int32();
        if (count > in.remaining()) {
            throw new IOException("a list that is cut off");
        }
        List<T> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            items.add(item.read());
        }
        return items;
    }

    /// @throws KafkaRefusal for any code but 0
    void checkError() throws IOException {
        int code = int16();
        if (code != 0) {
            throw new KafkaRefusal(code);
        }
    }

    private Number number(int bytes, NumberReading reading) throws IOException {
        if (in.remaining() < bytes) {
            throw new IOException("an answer that is cut off");
        }
        try {
            return reading.read();
        } catch (BufferUnderflowException e) {
            throw new IOException(e);
        }
    }

    private interface NumberReading {
        Number read();
    }
}
