package dev.tidemill.routing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class OutlierRuleTest {
    private static final OutlierRule RULE = new OutlierRule(3, 10, 35);

    @Test
    void failures_in_a_row_eject_and_a_success_between_them_forgives() {
        OutlierRule.Health health = RULE.healthy(0);
        health = RULE.failed(RULE.failed(health, 1), 2);
        health = RULE.succeeded(health, 3);
        health = RULE.failed(RULE.failed(health, 4), 5);
        assertThat(health.isEjected(6)).isFalse();
        health = RULE.failed(health, 7);
        assertThat(health.isEjected(16)).isTrue();
        assertThat(health.isEjected(17)).isFalse();
    }

    @Test
    void one_failure_after_the_time_ejects_again_for_twice_as_long_up_to_the_most() {
        OutlierRule.Health health = new OutlierRule.Health(0, 1, 10);
        health = RULE.failed(health, 11);
        assertThat(health.untilNanos()).isEqualTo(31);
        health = RULE.failed(health, 40);
        assertThat(health.untilNanos()).isEqualTo(75);
        for (long now = 100; now < 4000; now += 100) {
            health = RULE.failed(health, now);
            assertThat(health.untilNanos()).isEqualTo(now + 35);
        }
    }

    @Test
    void one_success_after_the_time_forgives_everything() {
        OutlierRule.Health health = RULE.succeeded(new OutlierRule.Health(0, 4, 10), 11);
        assertThat(RULE.failed(health, 12).isEjected(13)).isFalse();
    }

    @Test
    void what_ends_during_an_ejection_changes_nothing() {
        OutlierRule.Health ejected = new OutlierRule.Health(0, 1, 10);
        assertThat(RULE.failed(ejected, 5)).isEqualTo(ejected);
        assertThat(RULE.succeeded(ejected, 5)).isEqualTo(ejected);
    }
}
