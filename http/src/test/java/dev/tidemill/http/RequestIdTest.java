package dev.tidemill.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

final class RequestIdTest {
    @Test
    void ids_differ_within_and_between_processes() {
        Set<String> ids = new HashSet<>();
        for (long seed = 0; seed < 50; seed++) {
            Supplier<String> source = RequestId.source(new Random(seed));
            for (int i = 0; i < 100; i++) {
                ids.add(source.get());
            }
        }
        assertThat(ids).hasSize(5_000).allMatch(id -> id.matches("[a-z0-9]+-[a-z0-9]+"));
    }
}
