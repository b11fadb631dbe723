package dev.tidemill.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is read is what came, however it came, and costs the memory that it needs.
final class IncomingTest {
    private static final int SMALL = 2048;
    private static final int LARGE = 16 * 1024;

    @Test
    void small_events_need_little_memory_even_after_a_burst_of_them() throws IOException {
        Incoming incoming = new Incoming(new Parts(index -> index == 3 ? 40_000 : 150));

        incoming.line(1000);
        assertThat(incoming.bytes()).hasSize(SMALL);
        lines(incoming, 160);
        assertThat(incoming.bytes()).as("in the burst").hasSize(LARGE);
        lines(incoming, 400);
        assertThat(incoming.bytes()).as("long after the burst").hasSize(SMALL);
    }

    @Test
    void a_connection_of_large_answers_keeps_a_large_buffer() throws IOException {
        Incoming incoming = new Incoming(new Parts(_ -> 10_000));

        for (int i = 0; i < 50; i++) {
            incoming.begin();
            lines(incoming, 100);
        }

        assertThat(incoming.bytes()).hasSize(LARGE);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 22, 333})
    void every_line_comes_whole_and_in_order(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        Incoming incoming =
                new Incoming(
                        new Parts(_ -> 1 + random.nextInt(random.nextInt(10) == 0 ? 9000 : 300)));
        for (int i = 0; i < 2000; i++) {
            assertThat(incoming.line(1000)).as("seed %d", seed).isEqualTo(line(i));
        }
    }

    private static void lines(Incoming incoming, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            incoming.line(1000);
        }
    }

    /// Of 100 bytes with its end.
    private static String line(int number) {
        return "%098d".formatted(number);
    }

    /// Numbered lines without end, in parts that end anywhere.
    private static final class Parts extends InputStream {
        private final Lengths lengths;
        private long at;
        private int index;
        private int left;

        Parts(Lengths lengths) {
            this.lengths = lengths;
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException();
        }

        @Override
        public int read(byte[] into, int from, int length) {
            if (left == 0) {
                left = lengths.of(index++);
            }
            int read = Math.min(left, length);
            left -= read;
            for (int done = 0; done < read; ) {
                byte[] line = (line((int) (at / 100)) + "\r\n").getBytes(StandardCharsets.US_ASCII);
                int inside = (int) (at % 100);
                int more = Math.min(read - done, line.length - inside);
                System.arraycopy(line, inside, into, from + done, more);
                done += more;
                at += more;
            }
            return read;
        }
    }

    private interface Lengths {
        int of(int part);
    }
}
