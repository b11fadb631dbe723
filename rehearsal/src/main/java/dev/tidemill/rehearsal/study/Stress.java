package dev.tidemill.rehearsal.study;

import dev.tidemill.rehearsal.Fault;
import dev.tidemill.rehearsal.MinuteTrace;
import dev.tidemill.rehearsal.Scene;
import java.util.ArrayList;
import java.util.List;

/// Scenes in which something goes wrong, where it hurts: around the busiest minute.
///
/// @param name what goes wrong, in words
public record Stress(String name, Scene scene) {
    private static final int SILENCE = 60;
    private static final int STOCK_OUT = 60;
    private static final int DAY = 1440;
    private static final double WRONG = 3;

    public static List<Stress> all(Scene scene) {
        MinuteTrace trace = scene.trace();
        int peak = busiest(trace);
        int rise = Math.max(0, peak - SILENCE / 2);
        List<Stress> all = new ArrayList<>();
        all.add(
                new Stress(
                        "no metric for an hour around the peak",
                        scene.with(new Fault.Silence(rise, rise + SILENCE))));
        all.add(new Stress("starting takes twice as long", scene.with(new Fault.SlowStart(2))));
        int day = Math.max(0, Math.min(peak, trace.minutes() - DAY));
        all.add(
                new Stress(
                        "three times the demand of other days",
                        scene.with(trace.scaled(day, day + DAY, WRONG))));
        all.add(
                new Stress(
                        "a third of the demand of other days",
                        scene.with(trace.scaled(day, day + DAY, 1 / WRONG))));
        int before = Math.max(0, peak - STOCK_OUT);
        all.add(
                new Stress(
                        "no node to be had for the hour before the peak",
                        scene.with(new Fault.StockOut(before, peak))));
        return all;
    }

    private static int busiest(MinuteTrace trace) {
        int peak = 0;
        for (int minute = 1; minute < trace.minutes(); minute++) {
            peak = trace.count(minute) > trace.count(peak) ? minute : peak;
        }
        return peak;
    }
}
