package dev.tidemill.gateway.upstream;

import io.helidon.http.Header;
import java.util.Arrays;
import java.util.List;

/// Bytes that are written once and sent as often as it takes, by any thread.
final class Wire {
    private byte[] bytes;
    private int length;

    /// @param expected how long it becomes, probably
    Wire(int expected) {
        this.bytes = new byte[expected];
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    /// Characters beyond ASCII become question marks.
    Wire add(String text) {
        int count = text.length();
        ensure(count);
        for (int i = 0; i < count; i++) {
            char at = text.charAt(i);
            bytes[length + i] = at < 0x80 ? (byte) at : (byte) '?';
        }
        length += count;
        return this;
    }

    Wire add(char ascii) {
        ensure(1);
        bytes[length++] = (byte) ascii;
        return this;
    }

    Wire add(byte[] from, int count) {
        return add(from, 0, count);
    }

    Wire add(byte[] from, int begin, int end) {
        ensure(end - begin);
        System.arraycopy(from, begin, bytes, length, end - begin);
        length += end - begin;
        return this;
    }

    /// A line for each of its values.
    Wire add(Header header) {
        if (header.valueCount() == 1) {
            return line(header.name(), header.get());
        }
        List<String> values = header.allValues();
        for (int i = 0; i < values.size(); i++) {
            line(header.name(), values.get(i));
        }
        return this;
    }

    private Wire line(String name, String value) {
        return add(name).add(": ").add(value).add("\r\n");
    }

    private void ensure(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }
}
