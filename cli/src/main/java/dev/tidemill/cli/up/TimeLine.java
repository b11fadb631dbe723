package dev.tidemill.cli.up;

import dev.tidemill.common.DurationText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// How long each step of a start took, from the moment the launcher was called.
final class TimeLine {
    private final List<Step> steps = new ArrayList<>();
    private long lastMillis;
    private final long startMillis;

    /// @param startMillis wall-clock milliseconds when the launcher began
    TimeLine(long startMillis) {
        this.startMillis = startMillis;
        this.lastMillis = startMillis;
    }

    record Step(String name, Duration took) {}

    /// Everything since the step before was `name`.
    void mark(String name, long nowMillis) {
        steps.add(new Step(name, Duration.ofMillis(nowMillis - lastMillis)));
        lastMillis = nowMillis;
    }

    Duration total() {
        return Duration.ofMillis(lastMillis - startMillis);
    }

    @Override
    public String toString() {
        return steps.stream()
                        .map(step -> step.name() + " " + DurationText.format(step.took()))
                        .collect(Collectors.joining(" | "))
                + " | total "
                + DurationText.format(total());
    }
}
