package dev.tidemill.common.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class SupervisorLinkTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(written, true, StandardCharsets.UTF_8);

    @Test
    void the_first_line_is_the_configuration_later_ones_are_updates_and_the_end_comes_once()
            throws InterruptedException {
        SupervisorLink link =
                new SupervisorLink(lines("{\"a\":1}\n{\"a\":2}\n\n{\"a\":\"三\"}\n"), out);
        List<String> updates = new ArrayList<>();
        CountDownLatch ended = new CountDownLatch(1);
        assertThat(link.configuration()).isEqualTo("{\"a\":1}");
        link.follow(updates::add, ended::countDown);
        assertThat(ended.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(updates).containsExactly("{\"a\":2}", "{\"a\":\"三\"}");
    }

    @Test
    void an_input_that_ends_before_a_configuration_is_an_error() {
        SupervisorLink link = new SupervisorLink(lines(""), out);
        assertThatThrownBy(link::configuration).hasMessageContaining("expected: one line of JSON");
    }

    @Test
    void an_input_that_breaks_is_an_end() throws InterruptedException {
        InputStream broken =
                new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw new IOException("broken pipe");
                    }
                };
        CountDownLatch ended = new CountDownLatch(1);
        new SupervisorLink(broken, out).follow(_ -> {}, ended::countDown);
        assertThat(ended.await(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void events_are_lines_that_begin_alike() {
        SupervisorLink link = new SupervisorLink(lines(""), out);
        link.listening(8080);
        link.ready();
        assertThat(written.toString(StandardCharsets.UTF_8).lines())
                .containsExactly("{\"event\":\"listening\",\"port\":8080}", "{\"event\":\"ready\"}")
                .allMatch(line -> line.startsWith(SupervisorLink.EVENT_PREFIX));
    }

    private static InputStream lines(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
