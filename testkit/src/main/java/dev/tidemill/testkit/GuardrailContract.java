package dev.tidemill.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.guardrails.Edit;
import dev.tidemill.guardrails.Finding;
import dev.tidemill.guardrails.Guardrail;
import dev.tidemill.guardrails.HeldText;
import dev.tidemill.guardrails.Look;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/// What every [Guardrail] must do, whatever it looks for.
public abstract class GuardrailContract {
    private static final Duration LONG = Duration.ofSeconds(20);

    protected abstract Guardrail guardrail();

    /// Texts in each of which it finds something, in their middles.
    protected abstract List<String> samples();

    @Test
    void it_finds_something_in_each_sample() {
        for (String sample : samples()) {
            assertThat(guardrail().find(sample, 0)).as(sample).isNotEmpty();
        }
    }

    @Test
    void findings_lie_within_the_text_in_its_order_and_apart() {
        String text = String.join(" | ", samples());
        int last = 0;
        for (Finding finding : guardrail().find(text, 0)) {
            assertThat(finding.from()).isGreaterThanOrEqualTo(last);
            assertThat(finding.to()).isLessThanOrEqualTo(text.length());
            last = finding.to();
        }
    }

    @Test
    void the_same_text_has_the_same_findings() {
        for (String sample : samples()) {
            assertThat(guardrail().find(sample, 0)).isEqualTo(guardrail().find(sample, 0));
        }
    }

    @Test
    void nothing_is_found_before_the_place_that_was_asked_for() {
        for (String sample : samples()) {
            Finding first = guardrail().find(sample, 0).getFirst();
            assertThat(guardrail().find(sample, first.to()))
                    .allMatch(finding -> finding.from() >= first.to());
        }
        assertThat(guardrail().find("", 0)).isEmpty();
    }

    @Test
    void of_what_begins_before_a_place_it_finds_the_same_as_of_all() {
        String text = String.join(" | ", samples());
        for (int until = 0; until <= text.length(); until++) {
            int place = until;
            assertThat(guardrail().find(text, 0, until))
                    .as("until %d", until)
                    .isEqualTo(
                            guardrail().find(text, 0).stream()
                                    .filter(finding -> finding.from() < place)
                                    .toList());
        }
    }

    @Test
    void in_pieces_it_finds_the_same_as_at_once() {
        long seed = 1;
        SplittableRandom random = new SplittableRandom(seed);
        Guardrail guardrail = guardrail();
        List<Look> looks = List.of(new Look("test", guardrail, Look.Action.REDACT));
        for (int round = 0; round < 300; round++) {
            String text =
                    samples().get(random.nextInt(samples().size()))
                            + " | "
                            + samples().get(random.nextInt(samples().size()));
            String whole = Edit.apply(text, Edit.of(text, looks, (_, _) -> {}, false));

            assertThat(inPieces(text, looks, random))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(whole);
        }
    }

    @Test
    void long_texts_take_no_longer_than_in_proportion() {
        for (String sample : samples()) {
            String half = sample.substring(0, Math.max(1, sample.length() / 2));
            for (String text : List.of(sample.repeat(2_000), half.repeat(4_000))) {
                Assertions.assertTimeout(
                        LONG, () -> assertThat(guardrail().find(text, 0)).isNotNull());
            }
        }
    }

    private static String inPieces(String text, List<Look> looks, SplittableRandom random) {
        HeldText held = new HeldText(looks, (_, _) -> {}, false);
        List<String> pieces = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int end = Math.min(text.length(), at + 1 + random.nextInt(6));
            pieces.add(text.substring(at, end));
            held.add(text.substring(at, end));
            at = end;
        }
        held.end();
        StringBuilder passed = new StringBuilder();
        long from = 0;
        for (String piece : pieces) {
            passed.append(Edit.apply(piece, held.changes(from, piece.length())));
            from += piece.length();
        }
        return passed.toString();
    }
}
