package dev.tidemill.gateway.grpc;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A protocol buffer's fields, without its schema: finds a text by the numbers of the fields that
/// lead to it, and replaces it. Everything else is skipped by its length, so a tensor of megabytes
/// costs as much as a short one.
///
/// Strict where it decides: a text that is there twice, or a message around it, is refused, because
/// servers take the last (or merge both), and what the gateway has looked at must be what they get.
/// Groups, which nothing here has, are refused.
final class WireMessage {
    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int LENGTH = 2;
    private static final int FIXED_32 = 5;

    private final byte[] bytes;

    WireMessage(byte[] bytes) {
        this.bytes = bytes;
    }

    /// The text at `path`; empty when it is not there.
    ///
    /// @param many whether the outermost message may be there several times, and then says the same
    ///   each time
    /// @throws TidemillException `INVALID_REQUEST` when the bytes are no message, or the text is
    ///   not there just once
    String text(int[] path, boolean many) {
        Span found = find(new Span(0, bytes.length), path, 0, many);
        return found == null ? "" : decoded(found);
    }

    /// The same message with another text at `path`, wherever there is one.
    byte[] with(int[] path, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return replaced(new Span(0, bytes.length), path, 0, utf8);
    }

    private record Span(int from, int to) {
        int length() {
            return to - from;
        }
    }

    private @Nullable Span find(Span message, int[] path, int depth, boolean many) {
        Span found = null;
        boolean seen = false;
        Cursor at = new Cursor(message);
        while (at.next()) {
            if (!at.is(path[depth])) {
                continue;
            }
            if (seen && !many) {
                throw malformed("field %d twice".formatted(path[depth]), "once");
            }
            seen = true;
            Span value = at.value();
            Span text = depth == path.length - 1 ? value : find(value, path, depth + 1, false);
            if (found != null && (text == null || !decoded(text).equals(decoded(found)))) {
                throw malformed("several models", "one");
            }
            found = text;
        }
        return found;
    }

    private byte[] replaced(Span message, int[] path, int depth, byte[] text) {
        Growing out = new Growing(message.length() + text.length + 16);
        Cursor at = new Cursor(message);
        int copied = message.from();
        while (at.next()) {
            if (at.is(path[depth])) {
                Span value = at.value();
                byte[] inner =
                        depth == path.length - 1 ? text : replaced(value, path, depth + 1, text);
                out.write(bytes, copied, at.lengthAt);
                out.varint(inner.length);
                out.write(inner, 0, inner.length);
                copied = value.to();
            }
        }
        out.write(bytes, copied, message.to());
        return out.bytes();
    }

    private String decoded(Span text) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, text.from(), text.length()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed("a name that is not UTF-8", "UTF-8");
        }
    }

    private static TidemillException malformed(String what, String expected) {
        return new TidemillException(
                ErrorCode.INVALID_REQUEST,
                "message: '%s' (expected: %s)".formatted(what, expected));
    }

    private static TidemillException broken() {
        return malformed("not a protocol buffer", "the method's message");
    }

    /// Goes from field to field.
    private final class Cursor {
        private final int end;
        private int at;
        private long tag;

        /// Where the length of the current field begins, and its value; only of those that have a
        /// length.
        private int lengthAt;

        private int valueAt;

        Cursor(Span message) {
            this.at = message.from();
            this.end = message.to();
        }

        boolean next() {
            if (at == end) {
                return false;
            }
            tag = varint();
            if (tag >>> 3 == 0 || tag >>> 32 != 0) {
                throw broken();
            }
            switch ((int) tag & 7) {
                case VARINT -> varint();
                case FIXED_64 -> skip(8);
                case FIXED_32 -> skip(4);
                case LENGTH -> {
                    lengthAt = at;
                    long length = varint();
                    valueAt = at;
                    skip(length);
                }
                default -> throw broken();
            }
            return true;
        }

        boolean is(int field) {
            return tag == (((long) field << 3) | LENGTH);
        }

        Span value() {
            return new Span(valueAt, at);
        }

        private void skip(long length) {
            if (length < 0 || length > end - at) {
                throw broken();
            }
            at += (int) length;
        }

        private long varint() {
            long value = 0;
            for (int shift = 0; shift < 64; shift += 7) {
                if (at == end) {
                    throw broken();
                }
                byte next = bytes[at++];
                value |= (next & 0x7fL) << shift;
                if (next >= 0) {
                    return value;
                }
            }
            throw broken();
        }
    }

    /// Bytes that are being written, into an array that is large enough nearly always.
    private static final class Growing {
        private byte[] bytes;
        private int length;

        Growing(int capacity) {
            this.bytes = new byte[capacity];
        }

        void varint(int value) {
            int rest = value;
            while ((rest & ~0x7f) != 0) {
                put((rest & 0x7f) | 0x80);
                rest >>>= 7;
            }
            put(rest);
        }

        void write(byte[] from, int begin, int end) {
            int count = end - begin;
            ensure(count);
            System.arraycopy(from, begin, bytes, length, count);
            length += count;
        }

        private void put(int b) {
            ensure(1);
            bytes[length++] = (byte) b;
        }

        private void ensure(int more) {
            if (length + more > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(length + more, bytes.length * 2));
            }
        }

        byte[] bytes() {
            return Arrays.copyOf(bytes, length);
        }
    }
}
