package dev.tidemill.gateway.canary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.routing.canary.CanaryState;
import dev.tidemill.routing.canary.CanaryState.Phase;
import dev.tidemill.routing.canary.Evidence;
import org.junit.jupiter.api.Test;

/// Whose word counts where several gateways of one name roll out one version.
final class StandingTest {
    @Test
    void one_that_found_the_new_version_bad_is_enough_also_when_another_went_on_since() {
        Standing bad = at(Phase.ROLLED_BACK, 1, 10);
        Standing further = at(Phase.STEPPING, 2, 20);

        assertThat(further.yieldsTo(bad)).isTrue();
        assertThat(bad.yieldsTo(further)).isFalse();
        assertThat(bad.mustInsist(further)).isTrue();
        assertThat(at(Phase.PROMOTED, 2, 20).yieldsTo(bad)).isTrue();
    }

    @Test
    void who_is_further_is_followed() {
        assertThat(at(Phase.STEPPING, 0, 10).yieldsTo(at(Phase.STEPPING, 1, 20))).isTrue();
        assertThat(at(Phase.STEPPING, 1, 20).yieldsTo(at(Phase.STEPPING, 0, 10))).isFalse();
        assertThat(at(Phase.STEPPING, 1, 20).yieldsTo(at(Phase.PROMOTED, 1, 30))).isTrue();
    }

    @Test
    void what_a_person_decided_last_holds() {
        Standing again = byHand(at(Phase.STEPPING, 0, 30));

        assertThat(at(Phase.ROLLED_BACK, 1, 10).yieldsTo(again)).isTrue();
        assertThat(at(Phase.ROLLED_BACK, 1, 10).mustInsist(again)).isFalse();
        assertThat(again.yieldsTo(at(Phase.ROLLED_BACK, 1, 10))).isFalse();
        assertThat(again.yieldsTo(at(Phase.ROLLED_BACK, 0, 40))).isTrue();
    }

    @Test
    void the_same_is_no_news() {
        Standing one = at(Phase.ROLLED_BACK, 1, 10);

        assertThat(one.yieldsTo(at(Phase.ROLLED_BACK, 1, 20))).isFalse();
        assertThat(one.mustInsist(at(Phase.ROLLED_BACK, 1, 20))).isFalse();
    }

    private static Standing byHand(Standing one) {
        return new Standing(one.state(), true, one.reason());
    }

    private static Standing at(Phase phase, int step, long since) {
        return new Standing(
                new CanaryState(phase, step, since, 0, 0, Evidence.NONE), false, "because");
    }
}
