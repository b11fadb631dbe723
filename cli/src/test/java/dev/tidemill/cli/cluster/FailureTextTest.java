package dev.tidemill.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.cluster.Kinds;
import dev.tidemill.cluster.rollout.Progress;
import dev.tidemill.cluster.rollout.Rollout;
import dev.tidemill.cluster.rollout.RolloutWait;
import dev.tidemill.cluster.rollout.Trouble;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class FailureTextTest {
    @Test
    void says_what_does_not_come_up_why_with_the_end_of_its_log_and_what_to_do() {
        Rollout rollout =
                new Rollout(
                        Kinds.ref("apps/v1", "Deployment", "n", "digits-server"),
                        Optional.of(new Progress(0, 2, false)),
                        List.of(
                                new Trouble(
                                        "pod/digits-server-1",
                                        "CrashLoopBackOff",
                                        "container server ended with code 137 (OOMKilled), 3 times"
                                                + " by now",
                                        true,
                                        List.of("last words"))));

        assertThat(
                        FailureText.lines(
                                new RolloutWait.Failure(List.of(rollout), false),
                                Duration.ofMinutes(5),
                                2))
                .containsExactly(
                        "it will not come up:",
                        "  deployment/digits-server: 0 of 2 ready",
                        "    pod/digits-server-1: CrashLoopBackOff: container server ended with"
                                + " code 137 (OOMKilled), 3 times by now",
                        "      | last words",
                        "    -> raise resources.memory",
                        "servers and gateways that ran before still do, and nothing was pruned;"
                                + " mend the file and apply it again, or: tidemill rollback");
    }
}
