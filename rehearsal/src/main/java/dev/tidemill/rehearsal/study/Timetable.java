package dev.tidemill.rehearsal.study;

import dev.tidemill.scaling.Policy;
import dev.tidemill.scaling.Verdict;
import java.util.List;

/// Replicas by the minute, as somebody wrote them down beforehand: how an oracle is played.
public record Timetable(String name, long startMillis, List<Integer> replicas) implements Policy {
    public Timetable {
        replicas = List.copyOf(replicas);
    }

    @Override
    public Session start() {
        return seen -> {
            long minute = (seen.atMillis() - startMillis) / 60_000;
            int count = replicas.get(Math.clamp(minute, 0, replicas.size() - 1));
            return new Verdict(
                    seen, name, "timetable", count, List.of(), count, () -> "as written down");
        };
    }
}
