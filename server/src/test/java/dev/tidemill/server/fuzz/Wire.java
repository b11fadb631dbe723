package dev.tidemill.server.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/// Changes protocol buffers field by field, with the lengths around them kept right unless it is a
/// lie about lengths that is wanted.
public final class Wire {
    private static final int VARINT = 0;
    private static final int EIGHT = 1;
    private static final int BLOCK = 2;
    private static final int GROUP = 3;
    private static final int END_GROUP = 4;
    private static final int FOUR = 5;

    private static final long[] NUMBERS = {
        0,
        1,
        -1,
        2,
        127,
        128,
        255,
        256,
        32_768,
        65_536,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        0xffff_ffffL,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        1L << 40,
        3,
        4,
        7,
        16
    };
    private static final List<String> TEXTS =
            List.of(
                    "",
                    "x",
                    "levels",
                    "BYTES",
                    "FP32",
                    "INT8",
                    "BOOL",
                    "FP16",
                    "INT64",
                    "BF16",
                    "../x",
                    "serving_default",
                    "predict",
                    "\u00e9\u4e03",
                    "binary_data",
                    "classification",
                    "timeout",
                    "priority",
                    "%s",
                    "\0");

    private Wire() {}

    /// @param children when the block reads as fields, which is a guess
    @SuppressWarnings("ArrayRecordComponent") // compared nowhere
    private record Field(int number, int type, byte[] bytes, List<Field> children) {
        Field with(byte[] changed) {
            return new Field(number, type, changed, List.of());
        }

        Field with(List<Field> changed) {
            return new Field(number, type, new byte[0], changed);
        }
    }

    /// One to three changes, and now and then none.
    public static byte[] mutant(byte[] original, byte[] donor, SplittableRandom random) {
        byte[] mutant = original;
        int changes =
                random.nextInt(16) == 0 ? 0 : 1 + Math.min(random.nextInt(3), random.nextInt(3));
        for (int i = 0; i < changes; i++) {
            int kind = random.nextInt(10);
            if (kind == 0) {
                mutant = Bytes.join(mutant, donor);
            } else if (kind < 3) {
                mutant = Bytes.change(mutant, random);
            } else {
                Optional<List<Field>> fields = read(mutant);
                mutant =
                        fields.isEmpty()
                                ? Bytes.change(mutant, random)
                                : write(changed(fields.get(), donor, random), random);
            }
        }
        return mutant;
    }

    private static List<Field> changed(List<Field> fields, byte[] donor, SplittableRandom random) {
        List<Field> all = new ArrayList<>(fields);
        if (all.isEmpty()) {
            all.add(new Field(1 + random.nextInt(12), VARINT, varint(number(random)), List.of()));
            return all;
        }
        int at = random.nextInt(all.size());
        Field field = all.get(at);
        if (!field.children().isEmpty() && random.nextInt(10) < 7) {
            all.set(at, field.with(changed(field.children(), donor, random)));
            return all;
        }
        switch (random.nextInt(12)) {
            case 0 -> all.remove(at);
            case 1 -> all.add(random.nextInt(all.size() + 1), field);
            case 2 ->
                    all.set(
                            at,
                            new Field(
                                    field.number(),
                                    random.nextInt(6),
                                    field.bytes(),
                                    field.children()));
            case 3 ->
                    all.set(
                            at,
                            new Field(
                                    1 + random.nextInt(20),
                                    field.type(),
                                    field.bytes(),
                                    field.children()));
            case 4 -> all.set(at, ofType(field.number(), random.nextInt(6), random));
            case 5 -> all.addAll(at, read(donor).orElse(List.of()));
            case 6 -> all.addAll(at, java.util.Collections.nCopies(1 << random.nextInt(9), field));
            case 7 -> all.set(at, deep(field, random));
            case 8 -> java.util.Collections.swap(all, at, random.nextInt(all.size()));
            case 9 -> all.set(at, field.with(Bytes.change(plain(field, random), random)));
            default -> all.set(at, ofType(field.number(), field.type(), random));
        }
        return all;
    }

    private static Field ofType(int number, int type, SplittableRandom random) {
        byte[] bytes =
                switch (type) {
                    case VARINT -> varint(number(random));
                    case EIGHT -> fixed(8, number(random));
                    case FOUR ->
                            fixed(
                                    4,
                                    random.nextBoolean()
                                            ? number(random)
                                            : 0x7fc0_0000L << random.nextInt(2));
                    case BLOCK ->
                            random.nextInt(4) == 0
                                    ? varint(number(random))
                                    : TEXTS.get(random.nextInt(TEXTS.size()))
                                            .repeat(random.nextInt(16) == 0 ? 2_000 : 1)
                                            .getBytes(StandardCharsets.UTF_8);
                    default -> new byte[0];
                };
        return new Field(number, type, bytes, List.of());
    }

    /// In itself, again and again.
    private static Field deep(Field field, SplittableRandom random) {
        Field inside = field;
        int depth = random.nextInt(4) == 0 ? 300 : 1 + random.nextInt(5);
        for (int i = 0; i < depth; i++) {
            inside = new Field(field.number(), BLOCK, new byte[0], List.of(inside));
        }
        return inside;
    }

    private static byte[] plain(Field field, SplittableRandom random) {
        return field.children().isEmpty() ? field.bytes() : write(field.children(), random);
    }

    private static long number(SplittableRandom random) {
        return random.nextInt(4) == 0
                ? random.nextLong() >> random.nextInt(64)
                : NUMBERS[random.nextInt(NUMBERS.length)];
    }

    private static byte[] write(List<Field> fields, SplittableRandom random) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Field field : fields) {
            out.writeBytes(varint((long) field.number() << 3 | field.type()));
            byte[] bytes = plain(field, random);
            if (field.type() == BLOCK) {
                out.writeBytes(varint(random.nextInt(400) == 0 ? number(random) : bytes.length));
            }
            out.writeBytes(bytes);
            if (field.type() == GROUP && random.nextBoolean()) {
                out.writeBytes(varint((long) field.number() << 3 | END_GROUP));
            }
        }
        return out.toByteArray();
    }

    private static Optional<List<Field>> read(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        List<Field> fields = new ArrayList<>();
        while (in.hasRemaining() && fields.size() < 2_000) {
            long tag = varint(in);
            int number = (int) (tag >>> 3);
            int type = (int) (tag & 7);
            int begin = in.position();
            int length =
                    switch (type) {
                        case VARINT -> varint(in) == Long.MIN_VALUE ? -1 : in.position() - begin;
                        case EIGHT -> 8;
                        case FOUR -> 4;
                        case BLOCK -> Math.clamp(varint(in), -1, Integer.MAX_VALUE);
                        default -> -1;
                    };
            if (type == VARINT) {
                in.position(begin);
            }
            if (tag <= 0
                    || number > 1_000
                    || number == 0
                    || length < 0
                    || length > in.remaining()) {
                return Optional.empty();
            }
            byte[] content = new byte[length];
            in.get(content);
            List<Field> children =
                    type == BLOCK && length > 1 ? read(content).orElse(List.of()) : List.of();
            fields.add(new Field(number, type, content, children));
        }
        return in.hasRemaining() ? Optional.empty() : Optional.of(fields);
    }

    /// @return `Long.MIN_VALUE` when there is none
    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            if (!in.hasRemaining()) {
                return Long.MIN_VALUE;
            }
            byte b = in.get();
            if (shift < 64) {
                value |= (long) (b & 0x7f) << shift;
            }
            if (b >= 0) {
                return value;
            }
        }
        return Long.MIN_VALUE;
    }

    private static byte[] varint(long value) {
        byte[] bytes = new byte[10];
        int length = 0;
        long left = value;
        while ((left & ~0x7fL) != 0) {
            bytes[length++] = (byte) (left & 0x7f | 0x80);
            left >>>= 7;
        }
        bytes[length++] = (byte) left;
        return Arrays.copyOf(bytes, length);
    }

    private static byte[] fixed(int width, long value) {
        byte[] eight = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
        return Arrays.copyOf(eight, width);
    }
}
