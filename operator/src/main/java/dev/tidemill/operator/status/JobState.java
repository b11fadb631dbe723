package dev.tidemill.operator.status;

import java.util.List;
import java.util.Optional;

/// The Job of a training, as it is, or the TrainJob before it.
///
/// @param name of the Job
/// @param after trainings that it waits for
/// @param running what runs, such as `job/digits-training-1a2b3c4d`; empty for nothing
/// @param ended empty until it has
/// @param attempts that ended badly
/// @param lastWords of the pod that ended badly last; empty when there are none
public record JobState(
        String name,
        List<String> after,
        Optional<String> running,
        Optional<Ended> ended,
        int attempts,
        String lastWords) {
    public JobState {
        after = List.copyOf(after);
    }

    /// @param base what is said of a resource that runs nothing: where something is wrong with it,
    ///   that is said
    public List<Condition> conditions(List<Condition> base) {
        boolean wrong =
                base.stream()
                        .anyMatch(one ->
                                one.type().equals(Condition.DEGRADED)
                                        && one.status().equals("True"));
        if (wrong) {
            return base;
        }
        return ended.map(JobState::conditions).orElseGet(this::underWay);
    }

    private static List<Condition> conditions(Ended ended) {
        String message = ended.message();
        if (!ended.well()) {
            return List.of(
                    Condition.no(Condition.READY, "Failed", message),
                    Condition.no(Condition.PROGRESSING, "Failed", "nothing is under way"),
                    Condition.yes(Condition.DEGRADED, "TrainingFailed", message),
                    Condition.no(Condition.RUNNING, "Failed", "nothing is under way"),
                    Condition.no(Condition.SUCCEEDED, "Failed", message),
                    Condition.yes(Condition.FAILED, "TrainingFailed", message));
        }
        return List.of(
                Condition.yes(Condition.READY, "Succeeded", message),
                Condition.no(Condition.PROGRESSING, "Succeeded", "nothing is under way"),
                Condition.no(Condition.DEGRADED, "AsWanted", "nothing is wrong"),
                Condition.no(Condition.RUNNING, "Succeeded", "nothing is under way"),
                Condition.yes(Condition.SUCCEEDED, "Succeeded", message),
                Condition.no(Condition.FAILED, "Succeeded", message));
    }

    private List<Condition> underWay() {
        String reason = !after.isEmpty() ? "Waiting" : running.isPresent() ? "Running" : "Making";
        String message =
                !after.isEmpty()
                        ? "it waits for " + String.join(", ", after)
                        : running.map(one -> one + " runs" + failures())
                                .orElse("job/%s is being made".formatted(name));
        return List.of(
                Condition.no(Condition.READY, reason, message),
                Condition.yes(Condition.PROGRESSING, reason, message),
                Condition.no(Condition.DEGRADED, "AsWanted", "nothing is wrong"),
                running.isPresent()
                        ? Condition.yes(Condition.RUNNING, reason, message)
                        : Condition.no(Condition.RUNNING, reason, message),
                Condition.no(Condition.SUCCEEDED, reason, message),
                Condition.no(Condition.FAILED, reason, message));
    }

    private String failures() {
        return attempts == 0
                ? ""
                : ", %d attempts failed, the last said: %s".formatted(attempts, lastWords);
    }
}
