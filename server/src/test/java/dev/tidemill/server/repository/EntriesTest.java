package dev.tidemill.server.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import org.junit.jupiter.api.Test;

final class EntriesTest {
    /// A server that was killed is asked again before it has looked for its models: a gateway takes
    /// "not found" for an answer, and goes to another replica for "unavailable".
    @Test
    void a_model_that_nobody_knows_yet_is_unavailable_while_the_server_starts() {
        Entries entries = new Entries(null, new LoadThreads(1));

        entries.starting(true);
        assertThat(code(entries)).isEqualTo(ErrorCode.UNAVAILABLE);

        entries.starting(false);
        assertThat(code(entries)).isEqualTo(ErrorCode.MODEL_NOT_FOUND);
    }

    private static ErrorCode code(Entries entries) {
        return catchThrowableOfType(TidemillException.class, () -> entries.known("digits")).code();
    }
}
