package dev.tidemill.autoscale;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// What every source of measures keeps. An implementation says how its other side is put into each
/// state.
abstract class SignalSourceContract {
    static final String TARGET = "digits";

    /// A source for [#TARGET], whose other side is well.
    abstract SignalSource source();

    /// The other side from now on answers nothing that can be used.
    abstract void breaks();

    /// The other side from now on hangs.
    abstract void hangs();

    @Test
    void says_who_it_is() {
        assertThat(source().name()).isNotBlank();
    }

    @Test
    void knows_something_of_its_target_when_all_is_well() {
        SignalSource source = source();
        source.read();
        assertThat(source.read().get(TARGET))
                .isNotNull()
                .satisfies(measures ->
                        assertThat(measures.values().size() + measures.named().size())
                                .isPositive());
    }

    @Test
    void leaves_out_what_it_cannot_read_and_never_throws() {
        SignalSource source = source();
        source.read();
        breaks();
        assertThat(source.read()).doesNotContainKey(TARGET);
    }

    @Test
    void never_waits_longer_than_its_limit() {
        SignalSource source = source();
        source.read();
        hangs();
        long before = System.nanoTime();
        assertThat(source.read()).doesNotContainKey(TARGET);
        assertThat(System.nanoTime() - before)
                .isLessThan((SignalSource.LIMIT_MILLIS + 1_000) * 1_000_000L);
    }
}
