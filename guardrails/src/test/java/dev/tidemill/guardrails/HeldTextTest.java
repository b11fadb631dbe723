package dev.tidemill.guardrails;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class HeldTextTest {
    private static final List<String> SECRETS =
            List.of(
                    "bob@example.com",
                    "very.long-name_of+somebody@sub.domain.example.org",
                    "4111 1111 1111 1111",
                    "5500-0000-0000-0004",
                    "11010519491231002X",
                    "+86 138 1234 5678",
                    "13912345678",
                    "+49 30 12345678",
                    "192.168.17.254",
                    "sk-proj-0123456789abcdefghij",
                    "EMP-1234");
    private static final List<String> WORDS =
            List.of(
                    "the",
                    "tide",
                    "7",
                    "2024",
                    "re:",
                    "sk",
                    "a.b",
                    "x-y",
                    "@",
                    "+",
                    "(",
                    "潮汐",
                    "\n",
                    "né",
                    "1.5",
                    "EMP",
                    "ghp_",
                    "\"q\"",
                    "--",
                    "…",
                    "e.g.",
                    "😀",
                    "http://x/y?z=1");

    private static List<Look> everything() {
        List<Look> looks = new ArrayList<>();
        for (NamedPattern pattern : NamedPattern.values()) {
            looks.add(
                    new Look("test", pattern.guardrail(pattern.replacement()), Look.Action.REDACT));
        }
        looks.add(
                new Look(
                        "test",
                        new PatternGuardrail("\\bEMP-\\d{4}\\b", 8, "[ID]", "id"),
                        Look.Action.REDACT));
        return looks;
    }

    @Test
    void nothing_that_is_looked_for_gets_through_however_the_text_is_cut() {
        cutAtRandom(everything(), WORDS, 3_000);
    }

    @Test
    void nor_does_what_may_be_long() {
        List<Look> looks = everything();
        looks.add(
                new Look(
                        "test",
                        new PatternGuardrail("<[a-z ]{0,600}>", 602, "[TAG]", "tag"),
                        Look.Action.REDACT));
        List<String> words = new ArrayList<>(WORDS);
        words.add("<tide>");
        words.add("<" + "a tide ".repeat(80) + ">");
        cutAtRandom(looks, words, 100);
    }

    private static void cutAtRandom(List<Look> looks, List<String> words, int rounds) {
        long seed = 20_261_121;
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < rounds; round++) {
            String text = text(words, random);
            String whole = Edit.apply(text, Edit.of(text, looks, (_, _) -> {}, false));
            List<String> pieces = cut(text, random);

            assertThat(passed(pieces, looks))
                    .as("seed %d, round %d: %s", seed, round, pieces)
                    .isEqualTo(whole);
            for (String secret : SECRETS) {
                assertThat(whole).as("seed %d, round %d", seed, round).doesNotContain(secret);
            }
        }
    }

    @Test
    void prose_is_hardly_held() {
        List<Look> looks = everything().subList(0, NamedPattern.values().length);
        HeldText held = new HeldText(looks, (_, _) -> {}, false);
        for (String word : "Tides rise and fall twice a day, because the moon pulls. ".split(" ")) {
            held.add(word + " ");
            assertThat(held.length() - held.decided()).as(word).isZero();
        }
        held.add("write to bob@exam");
        assertThat(held.length() - held.decided()).isEqualTo("bob@exam".length());
        held.add("ple.com today");
        assertThat(held.length() - held.decided()).isEqualTo("today".length());
    }

    @Test
    void a_text_is_looked_at_a_few_times_only_however_long_a_finding_may_be() {
        for (int reach : new int[] {100, 1_000, 10_000}) {
            long[] looked = new long[1];
            Guardrail counting =
                    new Guardrail() {
                        @Override
                        public List<Finding> find(String text, int from) {
                            looked[0] += text.length() - from;
                            return List.of();
                        }

                        @Override
                        public int reach() {
                            return reach;
                        }
                    };
            HeldText held =
                    new HeldText(
                            List.of(new Look("test", counting, Look.Action.FLAG)),
                            (_, _) -> {},
                            false);
            for (int i = 0; i < 25_000; i++) {
                held.add("tide");
                // As much of its end as may become a finding, and an eighth.
                assertThat(held.length() - held.decided()).isLessThan(reach + reach / 7 + 5);
            }
            held.end();
            assertThat(looked[0]).as("reach %d", reach).isLessThan(30L * 100_000);
        }
    }

    @Test
    void a_finding_that_is_open_for_long_is_not_looked_for_with_every_piece() {
        PatternGuardrail letters = new PatternGuardrail("x+", 100, "[X]", "x");
        HeldText held =
                new HeldText(
                        List.of(new Look("test", letters, Look.Action.REDACT)),
                        (_, _) -> {},
                        false);
        for (int i = 0; i < 10_000; i++) {
            held.add("x");
        }
        assertThat(held.decided()).isZero();
        held.add(" ");
        held.end();
        assertThat(held.changes(0, 10_000)).containsExactly(new Edit(0, 10_000, "[X]"));
    }

    @Test
    void a_document_stays_one_when_a_number_is_redacted() {
        Look look =
                new Look(
                        "test",
                        NamedPattern.CN_MOBILE.guardrail("[CN_MOBILE]"),
                        Look.Action.REDACT);
        String text = "{\"a\":13812345678, \"b\":\"13812345678\",\"c\":[13812345678]}";

        assertThat(Edit.apply(text, Edit.of(text, List.of(look), (_, _) -> {}, true)))
                .isEqualTo(
                        "{\"a\":\"[CN_MOBILE]\", \"b\":\"[CN_MOBILE]\",\"c\":[\"[CN_MOBILE]\"]}");
    }

    @Test
    void what_is_found_is_told_once() {
        List<String> told = new ArrayList<>();
        HeldText held = new HeldText(everything(), (_, what) -> told.add(what), false);
        for (char c : "mail bob@example.com or EMP-1234 now ".toCharArray()) {
            held.add(String.valueOf(c));
        }
        held.end();
        assertThat(told).containsExactly("email", "id");
    }

    private static String passed(List<String> pieces, List<Look> looks) {
        HeldText held = new HeldText(looks, (_, _) -> {}, false);
        List<Long> begins = new ArrayList<>();
        for (String piece : pieces) {
            begins.add(held.length());
            held.add(piece);
        }
        held.end();
        StringBuilder passed = new StringBuilder();
        for (int i = 0; i < pieces.size(); i++) {
            String piece = pieces.get(i);
            passed.append(Edit.apply(piece, held.changes(begins.get(i), piece.length())));
            held.forget(begins.get(i));
        }
        return passed.toString();
    }

    private static String text(List<String> words, RandomGenerator random) {
        StringBuilder text = new StringBuilder();
        int count = 1 + random.nextInt(20);
        for (int i = 0; i < count; i++) {
            boolean secret = random.nextInt(4) == 0;
            List<String> from = secret ? SECRETS : words;
            // A secret stands by itself: glued to a word it would be another text.
            text.append(secret ? " " : "")
                    .append(from.get(random.nextInt(from.size())))
                    .append(secret || random.nextInt(3) > 0 ? ", " : "");
        }
        return text.toString();
    }

    private static List<String> cut(String text, RandomGenerator random) {
        List<String> pieces = new ArrayList<>();
        int most = 1 + random.nextInt(12);
        int at = 0;
        while (at < text.length()) {
            int end = Math.min(text.length(), at + 1 + random.nextInt(most));
            pieces.add(text.substring(at, end));
            at = end;
        }
        return pieces;
    }
}
