package dev.tidemill.operator.status;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Says how a resource is.
public final class Conditions {
    private static final int NAMED = 5;

    private Conditions() {}

    /// @param facts what is known of it
    /// @return Ready, Progressing, Degraded
    public static List<Condition> of(Facts facts) {
        Optional<Trouble> trouble = trouble(facts);
        Condition progress = progress(facts);
        return List.of(
                ready(facts, trouble, progress),
                progress,
                trouble.map(one -> Condition.yes(Condition.DEGRADED, one.reason(), one.toString()))
                        .orElseGet(() ->
                                Condition.no(Condition.DEGRADED, "AsWanted", "nothing is wrong")));
    }

    /// What the conditions are made of.
    ///
    /// @param terminating whether the namespace is
    /// @param leaving the finalizers that hold the resource, which is being deleted; empty when it
    ///   is not
    /// @param problems with the resource as it is written
    /// @param held why it waits for another resource; empty when it does not
    /// @param refusals of what was to be applied
    /// @param runs whether it is to have a workload
    /// @param workload that there is
    /// @param pods of it that are not ready
    /// @param rival somebody else's autoscaler of it
    /// @param notice what else people should see to
    public record Facts(
            boolean terminating,
            Optional<List<String>> leaving,
            List<String> problems,
            Optional<String> held,
            List<Refusal> refusals,
            boolean runs,
            Optional<Workload> workload,
            List<PodState> pods,
            Optional<String> rival,
            Optional<Trouble> notice) {
        public Facts {
            problems = List.copyOf(problems);
            refusals = List.copyOf(refusals);
            pods = List.copyOf(pods);
        }
    }

    private static Optional<Trouble> trouble(Facts facts) {
        if (facts.terminating()) {
            return Optional.of(
                    new Trouble(
                            "NamespaceTerminating",
                            "the namespace is being deleted, nothing is made in it any more",
                            "wait until it is gone, and apply to another or to a new one"));
        }
        if (facts.leaving().isPresent()) {
            return facts.leaving().map(Conditions::beingDeleted);
        }
        if (!facts.problems().isEmpty()) {
            List<String> some =
                    facts.problems().subList(0, Math.min(NAMED, facts.problems().size()));
            return Optional.of(
                    new Trouble(
                            "InvalidSpec",
                            String.join("; ", some),
                            "correct it; what was applied before is left as it is"));
        }
        return facts.refusals().stream()
                .map(Refusal::trouble)
                .findFirst()
                .or(() -> facts.workload().flatMap(Workload::failure).map(Conditions::noPods))
                .or(() ->
                        facts.pods().stream()
                                .map(PodState::trouble)
                                .flatMap(Optional::stream)
                                .findFirst())
                .or(() -> facts.rival().map(Conditions::twoScalers))
                .or(() ->
                        facts.held()
                                .map(words ->
                                        new Trouble("Waiting", words, "correct that resource")))
                .or(facts::notice);
    }

    private static Trouble beingDeleted(List<String> finalizers) {
        return new Trouble(
                "BeingDeleted",
                finalizers.isEmpty()
                        ? "it is being deleted, nothing is made of it any more"
                        : "it is being deleted and held by %s, nothing is made of it any more"
                                .formatted(String.join(", ", finalizers)),
                "see to it that whoever set the finalizers removes them; what runs for it ends"
                        + " when it is gone");
    }

    private static Trouble twoScalers(String rival) {
        return new Trouble(
                "TwoScalers",
                rival + " scales it too",
                "delete that one, or say scaling: tidemill in the Environment, which keeps off"
                        + " while it is there");
    }

    private static Trouble noPods(String words) {
        return words.contains("exceeded quota")
                ? new Trouble(
                        "QuotaExceeded",
                        words,
                        "raise the ResourceQuota of the namespace, or ask for less")
                : new Trouble("PodsRefused", words, "see what the API server says");
    }

    private static Condition progress(Facts facts) {
        if (!facts.runs()
                || facts.terminating()
                || facts.leaving().isPresent()
                || !facts.problems().isEmpty()) {
            return Condition.no(Condition.PROGRESSING, "Settled", "nothing is under way");
        }
        if (facts.workload().isEmpty()) {
            return Condition.yes(Condition.PROGRESSING, "Making", "its objects are being made");
        }
        Workload workload = facts.workload().get();
        if (!workload.current()) {
            return Condition.yes(
                    Condition.PROGRESSING, "RollingOut", workload.id() + " was just changed");
        }
        if (workload.updated() < workload.replicas() || workload.there() > workload.updated()) {
            return Condition.yes(
                    Condition.PROGRESSING,
                    "RollingOut",
                    "%d of %d replicas are of the newest spec"
                            .formatted(workload.updated(), workload.replicas()));
        }
        if (workload.ready() < workload.replicas()) {
            return Condition.yes(
                    Condition.PROGRESSING,
                    "Starting",
                    "%d of %d replicas are ready".formatted(workload.ready(), workload.replicas()));
        }
        return Condition.no(Condition.PROGRESSING, "Settled", "nothing is under way");
    }

    private static Condition ready(Facts facts, Optional<Trouble> trouble, Condition progress) {
        if (!facts.runs()) {
            return trouble.map(one -> Condition.no(Condition.READY, one.reason(), one.toString()))
                    .orElseGet(
                            () -> Condition.yes(Condition.READY, "Read", "it is as it should be"));
        }
        Optional<Workload> workload = facts.workload();
        boolean serves = workload.filter(one -> one.ready() > 0).isPresent();
        boolean sleeps = workload.filter(one -> one.replicas() == 0 && one.current()).isPresent();
        if (!facts.terminating() && (serves || sleeps)) {
            Workload one = workload.get();
            String message = "%d of %d replicas are ready".formatted(one.ready(), one.replicas());
            return one.ready() >= one.replicas()
                    ? Condition.yes(Condition.READY, sleeps ? "Sleeping" : "Serving", message)
                    : Condition.yes(
                            Condition.READY,
                            "ServingPartly",
                            Stream.concat(
                                            Stream.of(message),
                                            trouble.stream().map(Trouble::toString))
                                    .reduce((a, b) -> a + "; " + b)
                                    .orElse(message));
        }
        return trouble.map(one -> Condition.no(Condition.READY, one.reason(), one.toString()))
                .orElseGet(
                        () -> Condition.no(Condition.READY, progress.reason(), progress.message()));
    }
}
