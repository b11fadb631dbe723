package dev.tidemill.operator.status;

import java.util.List;
import java.util.Optional;

/// The Job of a training, as it is.
///
/// @param name of the Job
/// @param after trainings that it waits for
/// @param there whether there is a Job
/// @param succeeded whether it has ended well
/// @param failure why it has ended badly; empty when it has not
/// @param attempts that ended badly
/// @param lastWords of the pod that ended badly last; empty when there are none
public record JobState(
        String name,
        List<String> after,
        boolean there,
        boolean succeeded,
        Optional<String> failure,
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
        if (failure.isPresent()) {
            String message =
                    "job/%s failed: %s%s (what to do: correct the training or its data; another spec is another Job)"
                            .formatted(
                                    name,
                                    failure.get(),
                                    lastWords.isEmpty() ? "" : "; its pod said: " + lastWords);
            return List.of(
                    Condition.no(Condition.READY, "Failed", message),
                    Condition.no(Condition.PROGRESSING, "Failed", "nothing is under way"),
                    Condition.yes(Condition.DEGRADED, "TrainingFailed", message),
                    Condition.no(Condition.RUNNING, "Failed", "nothing is under way"),
                    Condition.no(Condition.SUCCEEDED, "Failed", message),
                    Condition.yes(Condition.FAILED, "TrainingFailed", message));
        }
        Condition fine = Condition.no(Condition.DEGRADED, "AsWanted", "nothing is wrong");
        if (succeeded) {
            String message = "job/%s succeeded".formatted(name);
            return List.of(
                    Condition.yes(Condition.READY, "Succeeded", message),
                    Condition.no(Condition.PROGRESSING, "Succeeded", "nothing is under way"),
                    fine,
                    Condition.no(Condition.RUNNING, "Succeeded", "nothing is under way"),
                    Condition.yes(Condition.SUCCEEDED, "Succeeded", message),
                    Condition.no(Condition.FAILED, "Succeeded", message));
        }
        String reason = !after.isEmpty() ? "Waiting" : there ? "Running" : "Making";
        String message =
                !after.isEmpty()
                        ? "it waits for " + String.join(", ", after)
                        : "job/%s runs%s"
                                .formatted(
                                        name,
                                        attempts == 0
                                                ? ""
                                                : ", %d attempts failed, the last said: %s"
                                                        .formatted(attempts, lastWords));
        return List.of(
                Condition.no(Condition.READY, reason, message),
                Condition.yes(Condition.PROGRESSING, reason, message),
                fine,
                there
                        ? Condition.yes(Condition.RUNNING, reason, message)
                        : Condition.no(Condition.RUNNING, reason, message),
                Condition.no(Condition.SUCCEEDED, reason, message),
                Condition.no(Condition.FAILED, reason, message));
    }
}
