package dev.tidemill.operator.status;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// How a training's run ended. It is kept in the status, and is there when the Job has gone: what
/// has ended is not run again.
///
/// @param training its uid: one that is made again is another, and runs again
/// @param job its name, which has a digest of the spec: another spec has another
/// @param message with the pod's last words
public record Ended(String training, String job, boolean well, String message) {
    private static final String WELL = "Succeeded";
    private static final String BADLY = "Failed";
    private static final int MOST = 4096;

    /// As it was written in a status; empty where that is about another training.
    ///
    /// @param training its uid
    public static Optional<Ended> of(Map<String, Object> status, String training) {
        return status.get("finished") instanceof Map<?, ?> tree
                        && training.equals(tree.get("training"))
                ? Optional.of(
                        new Ended(
                                training,
                                String.valueOf(tree.get("job")),
                                WELL.equals(tree.get("outcome")),
                                String.valueOf(tree.get("message"))))
                : Optional.empty();
    }

    /// As it is written.
    public Map<String, Object> tree() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("training", training);
        tree.put("job", job);
        tree.put("outcome", well ? WELL : BADLY);
        tree.put("message", message.substring(0, Math.min(MOST, message.length())));
        return tree;
    }
}
