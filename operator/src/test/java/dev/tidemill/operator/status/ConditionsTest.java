package dev.tidemill.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.operator.status.Conditions.Facts;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class ConditionsTest {
    private static final PodState STARTING =
            new PodState("p", Optional.empty(), Optional.of("ContainerCreating"), "i", "", 0);

    static Stream<Arguments> situations() {
        Facts fine = facts(workload(2, 2, 2, 2));
        return Stream.of(
                Arguments.of("all serve", fine, "Ready=Serving Settled AsWanted"),
                Arguments.of(
                        "nothing made yet",
                        with(fine, Optional.empty(), List.of(), List.of()),
                        "Making Progressing=Making AsWanted"),
                Arguments.of(
                        "none ready yet",
                        facts(workload(2, 2, 2, 0), STARTING),
                        "Starting Progressing=Starting AsWanted"),
                Arguments.of(
                        "one of two",
                        facts(workload(2, 2, 2, 1), STARTING),
                        "Ready=ServingPartly Progressing=Starting AsWanted"),
                Arguments.of(
                        "rolling",
                        facts(workload(2, 1, 3, 2)),
                        "Ready=Serving Progressing=RollingOut AsWanted"),
                Arguments.of(
                        "asleep", facts(workload(0, 0, 0, 0)), "Ready=Sleeping Settled AsWanted"),
                Arguments.of(
                        "image missing",
                        facts(workload(1, 1, 1, 0), waiting("ImagePullBackOff")),
                        "ImageMissing Progressing=Starting Degraded=ImageMissing"),
                Arguments.of(
                        "node full",
                        facts(
                                workload(1, 1, 1, 0),
                                new PodState(
                                        "p",
                                        Optional.of("0/1 nodes: Insufficient cpu"),
                                        Optional.empty(),
                                        "",
                                        "",
                                        0)),
                        "NodeFull Progressing=Starting Degraded=NodeFull"),
                Arguments.of(
                        "new version rolled back",
                        new Facts(
                                false,
                                Optional.empty(),
                                List.of(),
                                Optional.empty(),
                                List.of(),
                                true,
                                fine.workload(),
                                List.of(),
                                Optional.empty(),
                                Optional.of(
                                        Trouble.rolledBack(
                                                "route r: gateway-1: 10 of 10 requests failed"))),
                        "Ready=Serving Settled Degraded=CanaryRolledBack"),
                Arguments.of(
                        "crashing",
                        facts(workload(1, 1, 1, 0), waiting("CrashLoopBackOff")),
                        "Crashing Progressing=Starting Degraded=Crashing"),
                Arguments.of(
                        "quota exhausted for pods",
                        facts(
                                new Workload(
                                        "deployment/a",
                                        true,
                                        2,
                                        0,
                                        0,
                                        0,
                                        Optional.of("pods is forbidden: exceeded quota: q"))),
                        "QuotaExceeded Progressing=RollingOut Degraded=QuotaExceeded"),
                Arguments.of(
                        "quota exhausted for objects",
                        with(
                                fine,
                                Optional.empty(),
                                List.of(),
                                List.of(
                                        new Refusal(
                                                "service/a",
                                                403,
                                                "services is forbidden: exceeded quota: q"))),
                        "QuotaExceeded Progressing=Making Degraded=QuotaExceeded"),
                Arguments.of(
                        "a name that somebody else has",
                        with(
                                fine,
                                Optional.empty(),
                                List.of(),
                                List.of(
                                        new Refusal(
                                                "service/a", 409, "Apply failed with 1 conflict"))),
                        "AlreadyThere Progressing=Making Degraded=AlreadyThere"),
                Arguments.of(
                        "a kind that the cluster lacks",
                        with(
                                fine,
                                fine.workload(),
                                List.of(),
                                List.of(new Refusal("httproute/a", 404, "unknown"))),
                        "Ready=Serving Settled Degraded=KindUnknown"),
                Arguments.of(
                        "a spec that was edited by hand and is wrong",
                        with(
                                fine,
                                fine.workload(),
                                List.of("spec.x: 'y' (expected: z)"),
                                List.of()),
                        "Ready=Serving Settled Degraded=InvalidSpec"),
                Arguments.of(
                        "deleted and held by a finalizer",
                        leaving(fine, List.of("example.com/keep")),
                        "Ready=Serving Settled Degraded=BeingDeleted"),
                Arguments.of(
                        "namespace terminating",
                        new Facts(
                                true,
                                Optional.empty(),
                                List.of(),
                                Optional.empty(),
                                List.of(),
                                true,
                                fine.workload(),
                                List.of(),
                                Optional.empty(),
                                Optional.empty()),
                        "NamespaceTerminating Settled Degraded=NamespaceTerminating"));
    }

    @ParameterizedTest
    @MethodSource("situations")
    void says_how_it_is(String situation, Facts facts, String expected) {
        List<Condition> conditions = Conditions.of(facts);

        assertThat(String.join(" ", conditions.stream().map(ConditionsTest::shown).toList()))
                .as(situation)
                .isEqualTo(expected);
        assertThat(conditions).allMatch(condition -> !condition.message().isEmpty());
    }

    @Test
    void what_is_wrong_comes_with_what_to_do() {
        Condition degraded =
                Conditions.of(facts(workload(1, 1, 1, 0), waiting("ErrImagePull"))).getLast();

        assertThat(degraded.message())
                .isEqualTo(
                        "pod/p cannot have the image 'i:1': words (what to do: push the image, or name"
                                + " another and its pullSecrets in image of the Environment)");
    }

    @Test
    void a_resource_that_runs_nothing_is_ready_when_nothing_is_wrong() {
        Facts training =
                new Facts(
                        false,
                        Optional.empty(),
                        List.of(),
                        Optional.empty(),
                        List.of(),
                        false,
                        Optional.empty(),
                        List.of(),
                        Optional.empty(),
                        Optional.empty());

        assertThat(Conditions.of(training).getFirst().status()).isEqualTo("True");
    }

    private static String shown(Condition condition) {
        return condition.status().equals("True")
                ? condition.type() + "=" + condition.reason()
                : condition.reason();
    }

    private static PodState waiting(String reason) {
        return new PodState("p", Optional.empty(), Optional.of(reason), "i:1", "words", 3);
    }

    private static Workload workload(int replicas, int updated, int there, int ready) {
        return new Workload(
                "deployment/a", true, replicas, updated, there, ready, Optional.empty());
    }

    private static Facts facts(Workload workload, PodState... pods) {
        return new Facts(
                false,
                Optional.empty(),
                List.of(),
                Optional.empty(),
                List.of(),
                true,
                Optional.of(workload),
                List.of(pods),
                Optional.empty(),
                Optional.empty());
    }

    private static Facts leaving(Facts facts, List<String> finalizers) {
        return new Facts(
                false,
                Optional.of(finalizers),
                List.of(),
                Optional.empty(),
                List.of(),
                true,
                facts.workload(),
                List.of(),
                Optional.empty(),
                Optional.empty());
    }

    private static Facts with(
            Facts facts,
            Optional<Workload> workload,
            List<String> problems,
            List<Refusal> refusals) {
        return new Facts(
                facts.terminating(),
                Optional.empty(),
                problems,
                facts.held(),
                refusals,
                true,
                workload,
                List.of(),
                Optional.empty(),
                Optional.empty());
    }
}
