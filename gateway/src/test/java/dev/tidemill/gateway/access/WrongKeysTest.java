package dev.tidemill.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.http.Metrics;
import dev.tidemill.limits.Rate;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WrongKeysTest {
    private static final Rate RATE = new Rate(3, 3);
    private static final TidemillException WRONG =
            new TidemillException(ErrorCode.UNAUTHENTICATED, "wrong");
    private final AtomicLong nanos = new AtomicLong();
    private final Metrics metrics = new Metrics();
    private final WrongKeys wrong = new WrongKeys(nanos::get, metrics, 100);

    @AfterEach
    void close() {
        metrics.close();
    }

    @Test
    void an_address_may_try_some_keys_and_then_as_many_as_refill() {
        for (int i = 0; i < 3; i++) {
            assertThat(count("10.0.0.1")).isEqualTo(ErrorCode.UNAUTHENTICATED);
        }
        assertThat(count("10.0.0.1")).isEqualTo(ErrorCode.RATE_LIMITED);
        assertThat(count("10.0.0.2")).isEqualTo(ErrorCode.UNAUTHENTICATED);
        nanos.addAndGet(20_000_000_000L);
        assertThat(count("10.0.0.1")).isEqualTo(ErrorCode.UNAUTHENTICATED);
        ServerResponseHeaders said = ServerResponseHeaders.create();
        assertThat(wrong.count("10.0.0.1", RATE, WRONG, said))
                .hasMessageContaining("the next one after 20.0 s");
        assertThat(said.get(HeaderNames.RETRY_AFTER).get()).isEqualTo("20");
    }

    @Test
    void whoever_has_a_million_addresses_shares_one_count_after_some() {
        for (int i = 0; i < 1000; i++) {
            count("10.0.%d.%d".formatted(i / 250, i % 250));
        }
        assertThat(wrong.size()).isEqualTo(101);
        assertThat(count("10.1.0.1")).isEqualTo(ErrorCode.RATE_LIMITED);
        nanos.addAndGet(60_000_000_000L);
        assertThat(count("10.1.0.1")).isEqualTo(ErrorCode.UNAUTHENTICATED);
        assertThat(wrong.size()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, 10.0.0.1",
        "2001:db8:1:2:3:4:5:6, 2001:db8:1:2",
        "0:0:0:0:0:0:0:1, 0:0:0:0"
    })
    void who_has_an_ipv6_address_has_its_network(String address, String network) {
        assertThat(WrongKeys.network(address)).isEqualTo(network);
    }

    private ErrorCode count(String address) {
        return wrong.count(address, RATE, WRONG, ServerResponseHeaders.create()).code();
    }
}
