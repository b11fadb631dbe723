package dev.tidemill.cli.rehearse;

import dev.tidemill.common.DurationText;
import dev.tidemill.rehearsal.slot.Chances;
import dev.tidemill.rehearsal.slot.SlotReplay;
import dev.tidemill.rehearsal.study.Player;
import dev.tidemill.rehearsal.trace.Trace;
import java.time.Duration;

/// What options say of a replay by slots, as text.
///
/// @param slotSpread of slot times: constant, exponential, measured or a number
/// @param startSpread of start-up times: the same but measured
/// @param look between two looks of the policy
/// @param drain what a replica that goes has to finish
public record SlotSettings(String slotSpread, String startSpread, String look, String drain) {
    private static final String SPREADS = "constant, exponential or a number from 0 to 20";

    /// What a reader of the results has to know.
    public String note() {
        return "played by slots: each request drawn from its minute, in the queue of its own replica; slot times %s, start-ups %s, a look every %s"
                .formatted(slotSpread, startSpread, look);
    }

    /// @param trace whose own times are the measured ones
    public Player player(Trace trace) {
        Chances chances =
                new Chances(
                        spread("--slot-spread", slotSpread, trace),
                        spread("--start-spread", startSpread),
                        pause(),
                        time("--drain", drain));
        return (scene, policy, watcher) -> SlotReplay.run(scene, chances, policy, watcher);
    }

    private Duration pause() {
        Duration time = time("--look", look);
        if (time.toSeconds() < 1 || time.toSeconds() > 60 || time.toMillis() % 1000 != 0) {
            throw Subject.wrong("--look", look, "1s to 60s, whole seconds");
        }
        return time;
    }

    private static double spread(String option, String text, Trace trace) {
        if (!text.equals("measured")) {
            return spread(option, text);
        }
        return trace.took()
                .map(took -> Math.min(took.spread(), 20))
                .orElseThrow(() ->
                        Subject.wrong(
                                option,
                                text,
                                "a trace whose requests say how many millis they took"));
    }

    private static double spread(String option, String text) {
        return switch (text) {
            case "constant" -> 0;
            case "exponential" -> 1;
            default -> number(option, text);
        };
    }

    private static double number(String option, String text) {
        try {
            double value = Double.parseDouble(text);
            if (value >= 0 && value <= 20) {
                return value;
            }
        } catch (NumberFormatException _) {
            // Refused below.
        }
        throw Subject.wrong(option, text, SPREADS);
    }

    private static Duration time(String option, String text) {
        try {
            return DurationText.parse(text);
        } catch (IllegalArgumentException e) {
            throw Subject.wrong(option, text, DurationText.EXPECTED);
        }
    }
}
