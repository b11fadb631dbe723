package dev.tidemill.gateway.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class KeySetTest {
    private static final long SECOND = 1_000_000_000L;
    private final AtomicLong nanos = new AtomicLong();
    private JWKSet there = new JWKSet();
    private boolean down;
    private int asked;
    private final KeySet keys = new KeySet("issuer", this::fetch, nanos::get);

    @Test
    void keys_are_asked_for_once_and_again_when_they_are_old() throws Exception {
        there = new JWKSet(key("a"));
        for (int i = 0; i < 10; i++) {
            assertThat(keys.of(header("a"))).hasSize(1);
        }
        assertThat(asked).isEqualTo(1);
        nanos.addAndGet(301 * SECOND);
        assertThat(keys.of(header("a"))).hasSize(1);
        assertThat(asked).isEqualTo(2);
    }

    @Test
    void a_key_that_is_new_is_found_at_once_and_unknown_ones_are_not_asked_for_all_the_time()
            throws Exception {
        there = new JWKSet(key("a"));
        assertThat(keys.of(header("a"))).hasSize(1);
        nanos.addAndGet(10 * SECOND);
        there = new JWKSet(key("b"));
        assertThat(keys.of(header("b"))).hasSize(1);
        assertThat(keys.of(header("a"))).isEmpty();
        for (int i = 0; i < 100; i++) {
            assertThat(keys.of(header("x" + i))).isEmpty();
        }
        assertThat(asked).isEqualTo(2);
    }

    @Test
    void while_they_cannot_be_had_the_old_ones_do_for_a_day() throws Exception {
        there = new JWKSet(key("a"));
        keys.of(header("a"));
        down = true;
        nanos.addAndGet(23 * 3600 * SECOND);
        assertThat(keys.of(header("a"))).hasSize(1);
        nanos.addAndGet(2 * 3600 * SECOND);
        assertThatThrownBy(() -> keys.of(header("a")))
                .isInstanceOfSatisfying(
                        TidemillException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }

    @Test
    void an_issuer_that_was_never_there_is_asked_once_a_second() throws Exception {
        down = true;
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> keys.of(header("a"))).hasMessageContaining("cannot be had");
        }
        assertThat(asked).isEqualTo(1);
        down = false;
        there = new JWKSet(key("a"));
        nanos.addAndGet(SECOND);
        assertThat(keys.of(header("a"))).hasSize(1);
    }

    @Test
    void private_networks_are_known_when_they_are_seen() throws Exception {
        for (String inside :
                new String[] {
                    "127.0.0.1",
                    "10.1.2.3",
                    "172.16.0.1",
                    "192.168.1.1",
                    "169.254.169.254",
                    "100.64.0.1",
                    "0.0.0.0",
                    "::1",
                    "fe80::1",
                    "fd00::1",
                    "::ffff:10.0.0.1"
                }) {
            assertThat(KeyFetch.isInside(java.net.InetAddress.ofLiteral(inside)))
                    .as(inside)
                    .isTrue();
        }
        for (String outside : new String[] {"1.1.1.1", "100.128.0.1", "2606:4700::1"}) {
            assertThat(KeyFetch.isInside(java.net.InetAddress.ofLiteral(outside)))
                    .as(outside)
                    .isFalse();
        }
    }

    private JWKSet fetch() throws IOException {
        asked++;
        if (down) {
            throw new IOException("down");
        }
        return there;
    }

    private static JWK key(String id) throws JOSEException {
        return new ECKeyGenerator(Curve.P_256).keyID(id).generate().toPublicJWK();
    }

    private static JWSHeader header(String id) {
        return new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(id).build();
    }
}
