package dev.tidemill.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.common.Problem;
import dev.tidemill.spec.cluster.MutualTls;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `mtls` of an Environment.
final class MutualTlsTest {
    @Test
    void it_is_off_unless_asked_for() {
        assertThat(read("")).isEmpty();
    }

    @Test
    void without_an_issuer_the_secrets_are_somebody_elses() {
        assertThat(read("mtls: {}"))
                .contains(new MutualTls("tidemill-mtls", "tidemill", Optional.empty()));
        assertThat(read("mtls: {secret: ours, trustDomain: prod.example.com}"))
                .hasValueSatisfying(mtls -> {
                    assertThat(mtls.secretOf("server")).isEqualTo("ours-server");
                    assertThat(mtls.uriOf("server")).isEqualTo("spiffe://prod.example.com/server");
                });
    }

    @Test
    void an_issuer_is_the_namespaces_or_the_clusters() {
        assertThat(read("mtls: {issuer: our-ca}").flatMap(MutualTls::issuer))
                .contains(
                        new MutualTls.Issuer(
                                "Issuer", "our-ca", Duration.ofDays(30), Duration.ofDays(10)));
        assertThat(
                        read("mtls: {clusterIssuer: our-ca, duration: 2h, renewBefore: 40m}")
                                .flatMap(MutualTls::issuer))
                .contains(
                        new MutualTls.Issuer(
                                "ClusterIssuer",
                                "our-ca",
                                Duration.ofHours(2),
                                Duration.ofMinutes(40)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{issuer: a, clusterIssuer: b} | clusterIssuer | one of issuer and clusterIssuer",
                "{issuer: a, duration: 2h} | duration | renewBefore, 10d unless given, less than duration",
                "{issuer: a, duration: 2h, renewBefore: 2h} | renewBefore | renewBefore, 10d unless given,"
                        + " less than duration",
                "{trustDomain: 'a b'} | trustDomain | a name of Kubernetes such as prod.example.com",
                "{secrets: a} | secrets | "
            })
    void what_cannot_be_meant_is_refused(String mtls, String key, String expected) {
        List<Problem> problems = parsed("mtls: " + mtls).problems();

        assertThat(problems)
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.path()).endsWith("spec.mtls." + key);
                    assertThat(problem.expected()).contains(expected == null ? "" : expected);
                });
    }

    private static Optional<MutualTls> read(String mtls) {
        Environment environment = (Environment) parsed(mtls).orThrow().getFirst();
        return environment.network().mtls();
    }

    private static ParsedSpec parsed(String mtls) {
        String text =
                """
                apiVersion: tidemill.dev/v1alpha1
                kind: Environment
                metadata: {name: prod}
                spec:
                  namespace: ai
                  %s
                """
                        .formatted(mtls);
        return SpecParser.parse("file", text.getBytes(StandardCharsets.UTF_8));
    }
}
