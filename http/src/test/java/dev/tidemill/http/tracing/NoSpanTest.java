package dev.tidemill.http.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class NoSpanTest {
    private static final int TIMES = 20_000;

    @Test
    void where_nothing_is_traced_the_current_span_is_none_and_so_are_its_children() {
        Span span = Span.current();
        assertThat(span).isSameAs(Span.NONE);
        assertThat(span.isLive()).isFalse();
        assertThat(span.child("a")).isSameAs(Span.NONE);
        assertThat(span.call("b").set("k", 1).fail("c")).isSameAs(Span.NONE);
        List<String> headers = new ArrayList<>();
        span.propagate((name, value) -> headers.add(name + value));
        assertThat(headers).isEmpty();
        Runnable work = () -> {};
        assertThat(span.carry(work)).isSameAs(work);
        assertThat(Tracing.OFF.request("GET", _ -> List.of())).isSameAs(Span.NONE);
    }

    @Test
    void what_requests_do_for_traces_that_are_off_makes_no_objects() {
        requests();
        long before = allocated();
        requests();
        // What the measuring itself makes is far below one object for each request.
        assertThat(allocated() - before).isLessThan(TIMES);
    }

    private static void requests() {
        for (int i = 0; i < TIMES; i++) {
            Span span = Span.current();
            if (span.isRecorded()) {
                throw new AssertionError("nobody traces here");
            }
            span.set("tidemill.model.name", "digits").set("http.response.status_code", i);
            span.child("queue", i, List.of()).end(i);
        }
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getCurrentThreadAllocatedBytes();
    }

    @Test
    void an_environment_that_says_nothing_gives_the_tracing_that_is_off() {
        assertThat(
                        Tracing.start(
                                new Tracing.Service("server", "r0", ""),
                                Map.of("PATH", "/bin"),
                                Tracing.Clocks.SYSTEM))
                .isSameAs(Tracing.OFF);
    }
}
