package dev.tidemill.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AddressRuleTest {
    @ParameterizedTest
    @CsvSource({
        "https, api.example.com, 93.184.216.34, true",
        "https, api.example.com, 10.0.0.5, false",
        "https, api.example.com, 192.168.1.7, false",
        "https, api.example.com, 172.16.0.1, false",
        "https, api.example.com, 100.64.0.1, false",
        "https, api.example.com, 127.0.0.1, false",
        "https, api.example.com, 0.0.0.0, false",
        "https, api.example.com, fd00::1, false",
        "https, api.example.com, ::1, false",
        "https, api.example.com, ::ffff:10.0.0.5, false",
        "https, api.example.com, 169.254.169.254, false",
        "http, metadata.example.com, 169.254.169.254, false",
        "http, 169.254.169.254, 169.254.169.254, false",
        "http, vllm.models, fe80::1, false",
        "http, vllm.models, 10.0.0.5, true",
        "https, vllm.models.svc.cluster.local, 10.0.0.5, true",
        "https, vllm, 10.0.0.5, true",
        "https, 10.0.0.5, 10.0.0.5, true",
        "https, [::1], ::1, true",
        "http, localhost, 127.0.0.1, true",
        "http, 127.0.0.1, 127.0.0.1, true"
    })
    void names_of_others_do_not_lead_home(
            String scheme, String host, String address, boolean allowed)
            throws UnknownHostException {
        InetAddress resolved = InetAddress.getByName(address);
        boolean secure = scheme.equals("https");
        assertThat(new AddressRule(false).allows(host, secure, resolved)).isEqualTo(allowed);
        assertThat(new AddressRule(true).allows(host, secure, resolved)).isTrue();
    }
}
