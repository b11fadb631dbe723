package dev.tidemill.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class OptionValuesTest {
    @Test
    void sizes_are_read_as_people_and_as_kubernetes_write_them() {
        assertThat(OptionValues.bytes("--max-body", "64MiB")).isEqualTo(64L << 20);
        assertThat(OptionValues.bytes("--max-body", "64Mi")).isEqualTo(64L << 20);
        assertThatThrownBy(() -> OptionValues.bytes("--max-body", "much"))
                .hasMessageStartingWith("--max-body: 'much' (expected: ");
    }

    @Test
    void ports_are_ports_or_any_free_one() {
        assertThat(OptionValues.port("--http-port", 0)).isZero();
        assertThat(OptionValues.port("--http-port", 65_535)).isEqualTo(65_535);
        assertThatThrownBy(() -> OptionValues.port("--http-port", 65_536))
                .hasMessage("--http-port: '65536' (expected: 0 to 65535)");
        assertThatThrownBy(() -> OptionValues.port("--http-port", -1))
                .hasMessage("--http-port: '-1' (expected: 0 to 65535)");
    }

    @Test
    void seconds_are_rounded_to_milliseconds_up_to_a_day() {
        assertThat(OptionValues.millis("--drain-seconds", 0.0015)).isEqualTo(2);
        assertThat(OptionValues.millis("--drain-seconds", 86_400)).isEqualTo(86_400_000);
        assertThatThrownBy(() -> OptionValues.millis("--drain-seconds", Double.NaN))
                .hasMessage("--drain-seconds: 'NaN' (expected: 0 to 86400)");
        assertThatThrownBy(() -> OptionValues.millis("--drain-seconds", -1))
                .hasMessage("--drain-seconds: '-1.0' (expected: 0 to 86400)");
    }
}
