package dev.tidemill.operator.metricsapi;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ServingCertificateTest {
    private static final Instant NOW = Instant.parse("2026-11-21T06:00:00Z");

    @Test
    void vouches_for_itself_for_its_names_and_its_time() throws GeneralSecurityException {
        ServingCertificate made =
                ServingCertificate.create(
                        List.of("a.b.svc", "a.b.svc.cluster.local"), NOW, days(90));
        made.certificate().verify(made.certificate().getPublicKey());
        made.certificate().checkValidity(Date.from(NOW));
        made.certificate().checkValidity(Date.from(NOW.plus(days(90)).minusSeconds(1)));
        assertThat(made.certificate().getSubjectAlternativeNames())
                .containsExactlyInAnyOrder(
                        List.of(2, "a.b.svc"), List.of(2, "a.b.svc.cluster.local"));
        assertThat(made.certificate().getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(made.certificate().getBasicConstraints()).isGreaterThanOrEqualTo(0);
        assertThat(made.certificate().getKeyUsage())
                .startsWith(true, false, false, false, false, true);
        assertThat(made.certificate().getSerialNumber()).isGreaterThan(BigInteger.ZERO);
        assertThat(made.certificate().getVersion()).isEqualTo(3);
    }

    @Test
    void is_old_in_the_last_third_of_its_time() {
        ServingCertificate made = ServingCertificate.create(List.of("a"), NOW, days(90));
        assertThat(made.isOld(NOW.plus(days(59)))).isFalse();
        assertThat(made.isOld(NOW.plus(days(61)))).isTrue();
    }

    @Test
    void may_end_in_a_century_that_two_digits_do_not_know() throws GeneralSecurityException {
        ServingCertificate made = ServingCertificate.create(List.of("a"), NOW, days(36_500));
        assertThat(made.certificate().getNotAfter().toInstant()).isEqualTo(NOW.plus(days(36_500)));
        made.certificate().verify(made.certificate().getPublicKey());
    }

    private static Duration days(int days) {
        return Duration.ofDays(days);
    }
}
