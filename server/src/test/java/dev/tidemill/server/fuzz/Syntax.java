package dev.tidemill.server.fuzz;

import static dev.tidemill.server.fuzz.Bytes.repeat;
import static dev.tidemill.server.fuzz.Bytes.replace;
import static dev.tidemill.server.fuzz.Bytes.utf8;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// Changes documents of brackets, strings, words and numbers (JSON, and protocol buffers' text
/// format) piece by piece, so that most of them can still be read and only mean nonsense.
///
/// @param words what documents of this kind are made of
/// @param separator between members
public record Syntax(List<String> words, String separator) {
    /// What readers get wrong.
    private static final List<String> VALUES =
            List.of(
                    "null",
                    "true",
                    "false",
                    "{}",
                    "[]",
                    "[[]]",
                    "\"\"",
                    "0",
                    "-0",
                    "-0.0",
                    "1",
                    "-1",
                    "1.0",
                    "1e3",
                    "0.1e-5",
                    "1e39",
                    "1e308",
                    "1e309",
                    "-1e999",
                    "1e2147483648",
                    "1e-999999999",
                    "123456789012345678901234567890",
                    "127",
                    "128",
                    "-129",
                    "255",
                    "256",
                    "32768",
                    "65536",
                    "2147483647",
                    "2147483648",
                    "-2147483649",
                    "4294967295",
                    "4294967296",
                    "9007199254740993",
                    "9223372036854775807",
                    "9223372036854775808",
                    "-9223372036854775808",
                    "-9223372036854775809",
                    "18446744073709551615",
                    "18446744073709551616",
                    "NaN",
                    "Infinity",
                    "-Infinity",
                    "nan",
                    "inf",
                    "0x10",
                    "01",
                    "1_0",
                    "+1",
                    ".5",
                    "5.",
                    "\"1\"",
                    "\"NaN\"",
                    "\"true\"",
                    "{\"b64\":\"YQ==\"}",
                    "{\"b64\":\"*\"}",
                    "{\"b64\":1}",
                    "\"\\ud800\"",
                    "\"\\udc00\\ud800\"",
                    "\"\\u0000\"",
                    "\"\\ud83d\\ude42\"",
                    "\"\u00e9\u4e03\"",
                    "\"%s%n\"",
                    "\"../../x\"",
                    "\"'\"");

    private static final List<String> IN_STRINGS =
            List.of(
                    "\\u0000",
                    "\\ud800",
                    "\\udfff",
                    "\\u12",
                    "\\x",
                    "\\",
                    "\\\\",
                    "\\n",
                    "\"",
                    "'",
                    "\u00e9",
                    "\u4e03",
                    "%",
                    "\u202e",
                    "\r\n",
                    "\\ud83d\\ude42");

    /// One to four changes, and now and then none.
    public byte[] mutant(List<byte[]> seeds, SplittableRandom random) {
        byte[] mutant = seeds.get(random.nextInt(seeds.size()));
        byte[] donor = seeds.get(random.nextInt(seeds.size()));
        return mutant(mutant, donor, random);
    }

    /// @param donor of parts
    public byte[] mutant(byte[] original, byte[] donor, SplittableRandom random) {
        byte[] mutant = original;
        int changes = random.nextInt(16) == 0 ? 0 : 1 + random.nextInt(1 + random.nextInt(3));
        for (int i = 0; i < changes; i++) {
            mutant =
                    random.nextInt(10) < 8
                            ? part(mutant, donor, random)
                            : raw(mutant, donor, random);
        }
        return mutant;
    }

    private byte[] raw(byte[] mutant, byte[] donor, SplittableRandom random) {
        int at = random.nextInt(mutant.length + 1);
        return switch (random.nextInt(8)) {
            case 0 -> replace(mutant, at, at, utf8(word(random)));
            case 1 -> Bytes.join(mutant, donor);
            case 2 -> replace(mutant, at, at, repeat(utf8("["), 1 << random.nextInt(12)));
            case 3 -> replace(mutant, at, at, utf8("[]{},:\"0-e.".substring(random.nextInt(10))));
            default -> Bytes.change(mutant, random);
        };
    }

    private byte[] part(byte[] mutant, byte[] donor, SplittableRandom random) {
        Spans spans = Spans.of(mutant);
        if (spans.isEmpty()) {
            return Bytes.change(mutant, random);
        }
        int[] span = spans.any(random);
        int[] member = spans.member(span);
        byte[] text = Arrays.copyOfRange(mutant, member[0], member[1]);
        return switch (random.nextInt(12)) {
            case 0, 1 -> replace(mutant, span[0], span[1], utf8(value(random)));
            case 2 -> replace(mutant, span[0], span[1], utf8(word(random)));
            case 3 -> replace(mutant, span[0], span[1], part(donor, random));
            case 4 -> replace(mutant, span[0], span[1], part(mutant, random));
            case 5 -> nested(mutant, span, random);
            case 6 -> replace(mutant, member[0], member[0], followed(text, 1));
            case 7 -> replace(mutant, member[0], spans.withSeparator(member), new byte[0]);
            case 8 -> swapped(mutant, span, spans.any(random));
            case 9 -> inString(mutant, span, random);
            case 10 ->
                    replace(mutant, member[0], member[0], followed(text, 1 << random.nextInt(9)));
            default -> number(mutant, span, random);
        };
    }

    private byte[] followed(byte[] text, int times) {
        return repeat(Bytes.join(text, utf8(separator)), times);
    }

    private static byte[] part(byte[] donor, SplittableRandom random) {
        Spans spans = Spans.of(donor);
        if (spans.isEmpty()) {
            return donor;
        }
        int[] span = spans.any(random);
        return Arrays.copyOfRange(donor, span[0], span[1]);
    }

    private static byte[] nested(byte[] mutant, int[] span, SplittableRandom random) {
        boolean deep = random.nextInt(8) == 0;
        int depth = deep ? 60 + random.nextInt(2_000) : 1 + random.nextInt(4);
        boolean objects = random.nextInt(3) == 0;
        byte[] inside = Arrays.copyOfRange(mutant, span[0], span[1]);
        byte[] whole =
                Bytes.join(
                        repeat(utf8(objects ? "{\"a\":" : "["), depth),
                        inside,
                        repeat(utf8(objects ? "}" : "]"), depth));
        return replace(mutant, span[0], span[1], whole);
    }

    private static byte[] swapped(byte[] mutant, int[] one, int[] other) {
        int[] first = one[0] <= other[0] ? one : other;
        int[] second = first == one ? other : one;
        if (first[1] > second[0]) {
            return mutant;
        }
        byte[] a = Arrays.copyOfRange(mutant, first[0], first[1]);
        byte[] b = Arrays.copyOfRange(mutant, second[0], second[1]);
        return replace(replace(mutant, second[0], second[1], a), first[0], first[1], b);
    }

    private static byte[] inString(byte[] mutant, int[] span, SplittableRandom random) {
        if (span[1] - span[0] < 2) {
            return mutant;
        }
        int at = span[0] + 1 + random.nextInt(span[1] - span[0] - 1);
        String piece = IN_STRINGS.get(random.nextInt(IN_STRINGS.size()));
        int times = random.nextInt(16) == 0 ? 1 << random.nextInt(14) : 1;
        return replace(mutant, at, at, repeat(utf8(piece), times));
    }

    private static byte[] number(byte[] mutant, int[] span, SplittableRandom random) {
        byte c = mutant[span[0]];
        if (c != '-' && (c < '0' || c > '9')) {
            return replace(mutant, span[0], span[1], utf8(value(random)));
        }
        String more =
                switch (random.nextInt(6)) {
                    case 0 -> ".0";
                    case 1 -> "e" + (random.nextInt(800) - 400);
                    case 2 -> "0".repeat(1 << random.nextInt(12));
                    case 3 -> "." + "9".repeat(1 << random.nextInt(12));
                    case 4 -> "e999999999999";
                    default -> String.valueOf(random.nextInt());
                };
        return replace(mutant, span[1], span[1], utf8(more));
    }

    private static String value(SplittableRandom random) {
        return random.nextInt(8) == 0
                ? String.valueOf(random.nextLong() >> random.nextInt(64))
                : VALUES.get(random.nextInt(VALUES.size()));
    }

    private String word(SplittableRandom random) {
        return words.get(random.nextInt(words.size()));
    }
}
