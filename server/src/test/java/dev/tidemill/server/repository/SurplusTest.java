package dev.tidemill.server.repository;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SurplusTest {
    @Test
    void old_versions_go_where_the_new_ones_answer() {
        assertThat(surplus(List.of("3"), List.of("3", "2", "1"), Set.of("3", "2", "1")))
                .isEqualTo(new Surplus(List.of(), List.of("2", "1")));
    }

    @Test
    void for_each_that_fails_the_newest_old_one_stays() {
        assertThat(surplus(List.of("4"), List.of("4", "3", "2", "1"), Set.of("3", "2", "1")))
                .isEqualTo(new Surplus(List.of("3"), List.of("2", "1")));
        assertThat(surplus(List.of("5", "4"), List.of("5", "4", "2", "1"), Set.of("2", "1")))
                .isEqualTo(new Surplus(List.of("2", "1"), List.of()));
    }

    @Test
    void one_that_does_not_answer_is_no_help() {
        assertThat(surplus(List.of("4"), List.of("4", "3", "2"), Set.of("2")))
                .isEqualTo(new Surplus(List.of("2"), List.of("3")));
    }

    private static Surplus surplus(List<String> wanted, List<String> there, Set<String> answering) {
        return Surplus.of(wanted, there, answering::contains);
    }
}
