package dev.tidemill.gateway.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.gateway.traffic.RequestTape.Line;
import dev.tidemill.gateway.traffic.RequestTape.Piece;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RequestTapeTest {
    private long nanos = -5;
    private final RequestTape tape = new RequestTape(() -> nanos, 77);

    @Test
    void keeps_nothing_for_nobody() {
        assertThat(tape.wanted()).isFalse();
        add(3);
        assertThat(tape.read(0, 0)).isEqualTo(new Piece(77, 0, 0, List.of()));
        assertThat(tape.wanted()).isTrue();
        nanos += 60_000_000_000L;
        assertThat(tape.wanted()).isFalse();
    }

    @Test
    void gives_each_request_once_in_order() {
        var _ = tape.read(0, 0);
        add(3);
        Piece first = tape.read(77, 0);
        assertThat(first.requests()).extracting(Line::millis).containsExactly(0.0, 1.0, 2.0);
        assertThat(tape.read(77, first.next()).requests()).isEmpty();
        add(1);
        assertThat(tape.read(77, first.next()).requests()).hasSize(1);
    }

    @Test
    void gives_many_in_pieces_and_says_how_many_it_has_lost() {
        var _ = tape.read(0, 0);
        add(RequestTape.MOST + 10);
        Piece first = tape.read(77, 0);
        assertThat(first.missed()).isEqualTo(10);
        assertThat(first.requests()).hasSize(RequestTape.MOST_AT_ONCE);
        assertThat(first.requests().getFirst().millis()).isEqualTo(10);
        assertThat(tape.read(77, first.next()).requests().getFirst().millis())
                .isEqualTo(10 + RequestTape.MOST_AT_ONCE);
    }

    @Test
    void another_reader_begins_with_what_comes_next() {
        var _ = tape.read(0, 0);
        add(5);
        Piece piece = tape.read(12, 3);
        assertThat(piece.requests()).isEmpty();
        assertThat(piece.next()).isEqualTo(5);
    }

    private void add(int count) {
        for (int i = 0; i < count; i++) {
            tape.add(new Line("2026-11-21T10:00:00Z", "m", null, null, i, 200));
        }
    }
}
