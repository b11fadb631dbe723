package dev.tidemill.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class NamesTest {
    @Test
    void say_what_they_are_of() {
        assertThat(Names.server("digits")).isEqualTo("digits-server");
        assertThat(Names.gateway("gateway")).isEqualTo("gateway");
        assertThat(Names.gateway("control")).isEqualTo("control-gateway");
        assertThat(Names.server("7b")).isEqualTo("m-7b-server");
    }

    @Test
    void that_are_too_long_keep_their_beginning_and_differ_by_a_hash() {
        String one = "a".repeat(62) + "1";
        String two = "a".repeat(62) + "2";

        assertThat(Names.serverPods(one))
                .hasSize(Names.MOST)
                .matches("a+-[0-9a-f]{8}-server-pods")
                .isNotEqualTo(Names.serverPods(two));
        assertThat(Names.server("a-".repeat(31) + "b")).matches("[a-z0-9]([a-z0-9-]*[a-z0-9])?");
    }
}
