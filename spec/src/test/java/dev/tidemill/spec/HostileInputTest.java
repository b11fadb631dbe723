package dev.tidemill.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.tidemill.common.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever is in a file: an answer, soon, and never an exception.
final class HostileInputTest {
    private static final int MUTANTS = 1000;
    private static final int MEBIBYTE = 1 << 20;
    private static final List<String> PIECES =
            List.of(
                    "---\n",
                    "...\n",
                    ": ",
                    "- ",
                    "[",
                    "]",
                    "{",
                    "}",
                    "&a ",
                    "*a",
                    "!!str ",
                    "|\n",
                    ">\n",
                    "\"",
                    "'",
                    "#",
                    "%YAML 1.3\n",
                    "\t",
                    "? ",
                    "<<: ",
                    "\\x00",
                    "\u0085",
                    "\u2028",
                    "\uFEFF",
                    "\ud800",
                    "\ud83d\ude00",
                    "-1",
                    "1e999",
                    ".nan",
                    "null",
                    "~",
                    "true",
                    "0x7f",
                    "9".repeat(40),
                    "digits",
                    "name: digits\n",
                    "kind: Model\n",
                    "kind: Training\n",
                    "\"\\UFFFFFFFF\"",
                    "\r",
                    "\n",
                    " ",
                    "  spec:\n",
                    "1s".repeat(99));

    @Test
    void survives_every_mutation_of_the_quickstart() {
        long seed = 20_260_101L;
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        String original = Yaml.quickstart();
        for (int i = 0; i < MUTANTS; i++) {
            String mutant = original;
            for (int change = 0; change <= random.nextInt(4); change++) {
                mutant = mutated(mutant, random);
            }
            byte[] bytes = mutant.getBytes(StandardCharsets.UTF_8);
            if (bytes.length > 0 && random.nextInt(8) == 0) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            checkAnswer(
                    SpecParser.parse(Yaml.FILE, bytes), "seed %d, mutant %d".formatted(seed, i));
        }
    }

    private static void checkAnswer(ParsedSpec parsed, String mutant) {
        int last = 1;
        for (Problem problem : parsed.problems()) {
            assertThat(problem.place()).as(mutant).matches("tidemill\\.yaml:[1-9]\\d*");
            assertThat(problem.path()).as(mutant).isNotBlank();
            assertThat(problem.expected()).as(mutant).isNotBlank();
            assertThat(problem.toString()).as(mutant).doesNotContain("\n");
            int line = Integer.parseInt(problem.place().substring("tidemill.yaml:".length()));
            assertThat(line).as(mutant).isGreaterThanOrEqualTo(last).isLessThan(500);
            last = line;
        }
        for (Resource resource : parsed.resources()) {
            if (resource instanceof Training training) {
                ParsedSpec again = SpecParser.parseDocument("part", training.document());
                assertThat(again.problems()).as(mutant).isEmpty();
                assertThat(((Training) again.resources().getFirst()).parameters())
                        .as(mutant)
                        .isEqualTo(training.parameters());
            }
        }
    }

    private static String mutated(String text, RandomGenerator random) {
        int at = random.nextInt(text.length() + 1);
        int end = Math.min(text.length(), at + random.nextInt(1, 40));
        String piece = PIECES.get(random.nextInt(PIECES.size()));
        return switch (random.nextInt(6)) {
            case 0 -> text.substring(0, at) + text.substring(end);
            case 1 -> text.substring(0, at) + piece + text.substring(at);
            case 2 -> text.substring(0, at) + piece + text.substring(end);
            case 3 ->
                    text.substring(0, at) + text.substring(at, end).repeat(3) + text.substring(end);
            case 4 -> withoutLine(text, random);
            default -> withLineMoved(text, random);
        };
    }

    private static String withoutLine(String text, RandomGenerator random) {
        List<String> lines = text.lines().toList();
        int gone = random.nextInt(lines.size() + 1);
        return IntStream.range(0, lines.size())
                .filter(i -> i != gone)
                .mapToObj(lines::get)
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static String withLineMoved(String text, RandomGenerator random) {
        String spaces = " ".repeat(random.nextInt(5));
        List<String> lines = text.lines().toList();
        int moved = random.nextInt(lines.size() + 1);
        return IntStream.range(0, lines.size())
                .mapToObj(i -> i == moved ? spaces + lines.get(i).strip() : lines.get(i))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[",
                "{a: ",
                "x: 1\n",
                "kind: Model\n---\n",
                "? [a]\n",
                " \n",
                "\"\\n",
                "%TAG !a! b\n"
            })
    void answers_a_mebibyte_of_anything_in_time(String piece) {
        int times = MEBIBYTE / piece.getBytes(StandardCharsets.UTF_8).length;
        byte[] content = piece.repeat(times).getBytes(StandardCharsets.UTF_8);

        ParsedSpec parsed =
                assertTimeoutPreemptively(
                        Duration.ofSeconds(20), () -> SpecParser.parse(Yaml.FILE, content));

        assertThat(parsed.problems()).isNotEmpty().hasSizeLessThanOrEqualTo(501);
    }

    @Test
    void answers_a_mebibyte_of_bad_references_in_time() {
        String yaml =
                IntStream.range(0, 8000)
                        .mapToObj(i ->
                                "apiVersion: tidemill.dev/v1alpha1\nkind: Model\nmetadata:"
                                        + " {name: m%d}\nspec: {source: m,".formatted(i)
                                        + " sharesReplicasWith: x%d}\n".formatted(i))
                        .collect(Collectors.joining("---\n"));

        ParsedSpec parsed =
                assertTimeoutPreemptively(Duration.ofSeconds(20), () -> Yaml.parse(yaml));

        assertThat(parsed.problems()).hasSize(501);
    }
}
