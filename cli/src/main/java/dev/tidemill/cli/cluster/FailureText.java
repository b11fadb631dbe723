package dev.tidemill.cli.cluster;

import dev.tidemill.cluster.rollout.Rollout;
import dev.tidemill.cluster.rollout.RolloutWait;
import dev.tidemill.cluster.rollout.Trouble;
import dev.tidemill.common.DurationText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What did not come up, why, and what to do. Pure.
final class FailureText {
    private FailureText() {}

    static List<String> lines(RolloutWait.Failure failure, Duration limit, int release) {
        List<String> lines = new ArrayList<>();
        lines.add(
                failure.late()
                        ? "not up after %s, the --timeout:".formatted(DurationText.format(limit))
                        : "it will not come up:");
        for (Rollout rollout : failure.open()) {
            lines.add("  " + rollout.line());
            for (Trouble trouble : rollout.troubles()) {
                lines.add("    " + trouble);
                trouble.log().forEach(line -> lines.add("      | " + line));
                String hint = hint(trouble);
                if (!hint.isEmpty()) {
                    lines.add("    " + hint);
                }
            }
        }
        lines.add(
                "servers and gateways that ran before still do, and nothing was pruned; mend the"
                        + " file and apply it again, or: tidemill rollback"
                        + (release > 1 ? "" : " (there is no earlier release yet)"));
        return lines;
    }

    static String hint(Trouble trouble) {
        return switch (trouble.reason()) {
            case "ErrImagePull", "ImagePullBackOff", "ErrImageNeverPull", "InvalidImageName" ->
                    "-> image.name, image.pullPolicy and image.pullSecrets of the Environment say"
                            + " what is pulled; 'tidemill image' builds it";
            case "Unschedulable" ->
                    "-> ask for less under resources, or add nodes; 'tidemill status --cluster'"
                            + " shows what runs";
            case "CreateContainerConfigError", "FailedMount" ->
                    "-> make the Secret, ConfigMap or volume that is named";
            case "FailedCreate" -> "-> raise the quota, or ask for less under resources";
            case "OOMKilled" -> "-> raise resources.memory";
            case "Unhealthy" -> "-> 'tidemill logs --cluster' shows what it waits for";
            default -> trouble.message().contains("OOMKilled") ? "-> raise resources.memory" : "";
        };
    }
}
