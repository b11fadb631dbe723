package dev.tidemill.server.protocol.grpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.MessageLite;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Says what a message will take in memory once it is parsed, from a walk over its fields: an empty
/// message within a message is two bytes on the wire and a hundred on the heap. Roughly right, and
/// rather too much than too little.
final class MessageWeight {
    private static final int MESSAGE = 96;
    private static final int MAP_ENTRY = 160;
    private static final int TEXT = 56;
    private static final int NUMBER = 8;
    private static final int UNKNOWN = 64;

    /// As deep as messages may be; what is deeper, the parser refuses.
    private static final int MAX_DEPTH = 100;

    private final int own;
    private final @Nullable Field[] fields;

    /// @param within of messages; empty for all else
    /// @param perByte of what is packed, or of a text
    private record Field(@Nullable MessageWeight within, int fixed, int perByte) {}

    private MessageWeight(int own, int highest) {
        this.own = own;
        this.fields = new Field[highest + 1];
    }

    /// @param prototype of the messages
    static MessageWeight of(MessageLite prototype) {
        return prototype instanceof Message known
                ? of(known.getDescriptorForType(), new HashMap<>())
                : new MessageWeight(MESSAGE, 0);
    }

    private static MessageWeight of(Descriptor type, Map<String, MessageWeight> known) {
        MessageWeight found = known.get(type.getFullName());
        if (found != null) {
            return found;
        }
        int highest =
                type.getFields().stream().mapToInt(FieldDescriptor::getNumber).max().orElse(0);
        MessageWeight weight =
                new MessageWeight(
                        type.getOptions().getMapEntry() ? MAP_ENTRY : MESSAGE,
                        Math.min(highest, 1 << 10));
        known.put(type.getFullName(), weight);
        for (FieldDescriptor field : type.getFields()) {
            if (field.getNumber() < weight.fields.length) {
                weight.fields[field.getNumber()] = of(field, known);
            }
        }
        return weight;
    }

    private static Field of(FieldDescriptor field, Map<String, MessageWeight> known) {
        return switch (field.getType()) {
            case MESSAGE, GROUP -> new Field(of(field.getMessageType(), known), 0, 0);
            case STRING -> new Field(null, TEXT, 1);
            // Its bytes stay where they are.
            case BYTES -> new Field(null, TEXT, 0);
            case DOUBLE, FLOAT, FIXED32, FIXED64, SFIXED32, SFIXED64, BOOL ->
                    new Field(null, NUMBER, 1);
            case INT32, UINT32, SINT32, ENUM -> new Field(null, NUMBER, Integer.BYTES);
            case INT64, UINT64, SINT64 -> new Field(null, NUMBER, Long.BYTES);
        };
    }

    /// @param message as it came; where it is broken, what is before that is weighed
    long of(byte[] message) {
        CodedInputStream in = CodedInputStream.newInstance(message);
        return of(in, message.length, 0);
    }

    /// Up to the end of the message that begins here.
    private long of(CodedInputStream in, int end, int depth) {
        long sum = own;
        try {
            while (in.getTotalBytesRead() < end) {
                int tag = in.readTag();
                int number = WireFormat.getTagFieldNumber(tag);
                Field field = number < fields.length ? fields[number] : null;
                if (WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                    sum += field == null ? UNKNOWN : field.fixed;
                    skip(in, tag);
                    continue;
                }
                int length = in.readRawVarint32();
                int after = in.getTotalBytesRead() + length;
                if (length < 0 || after > end) {
                    return sum;
                }
                if (field == null) {
                    sum += UNKNOWN + TEXT;
                } else if (field.within != null && depth < MAX_DEPTH) {
                    sum += field.within.of(in, after, depth + 1);
                } else {
                    sum += field.fixed + (long) field.perByte * length;
                }
                in.skipRawBytes(Math.max(0, after - in.getTotalBytesRead()));
            }
        } catch (IOException _) {
            // The parser says what is wrong with it.
        }
        return sum;
    }

    /// Groups are not skipped as one: they may be as many and as deep as messages.
    private static void skip(CodedInputStream in, int tag) throws IOException {
        switch (WireFormat.getTagWireType(tag)) {
            case WireFormat.WIRETYPE_START_GROUP, WireFormat.WIRETYPE_END_GROUP -> {}
            default -> in.skipField(tag);
        }
    }

    @Override
    public String toString() {
        return Arrays.toString(fields);
    }
}
