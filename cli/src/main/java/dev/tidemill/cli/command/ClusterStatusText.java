package dev.tidemill.cli.command;

import dev.tidemill.cli.cluster.ClusterView;
import java.util.ArrayList;
import java.util.List;

/// A cluster's status for a terminal. Pure.
final class ClusterStatusText {
    private static final String ROW = "%-44s %-9s %-16s %8s  %s";

    private ClusterStatusText() {}

    static List<String> lines(ClusterView.Status status) {
        List<String> lines = new ArrayList<>();
        lines.add(
                "namespace %s of %s%s"
                        .formatted(
                                status.namespace(),
                                status.cluster(),
                                status.release() == 0 ? "" : ", release " + status.release()));
        lines.add("");
        lines.add(ROW.formatted("PROCESS", "ROLE", "NODE", "RESTARTS", "STATE"));
        for (ClusterView.ProcessStatus process : status.processes()) {
            lines.add(
                    ROW.formatted(
                            process.name(),
                            process.role(),
                            process.node().isEmpty() ? "-" : process.node(),
                            process.restarts(),
                            process.state()));
            if (!process.reason().isEmpty()) {
                lines.add("    " + process.reason());
            }
        }
        lines.add("");
        for (ClusterView.Part part : status.parts()) {
            lines.add(
                    "%s: %d of %d ready, version %s"
                            .formatted(part.name(), part.ready(), part.wanted(), part.version()));
        }
        return lines;
    }
}
