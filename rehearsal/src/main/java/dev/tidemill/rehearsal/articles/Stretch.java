package dev.tidemill.rehearsal.articles;

import java.util.List;

/// One row of the article's record of a typical working day.
///
/// @param low requests a second, with `high` the range over the stretch
/// @param fewest replicas, with `most`
/// @param cpuLow percent, with `cpuHigh`
record Stretch(
        int fromHour,
        int toHour,
        int low,
        int high,
        int fewest,
        int most,
        int cpuLow,
        int cpuHigh) {
    static final List<Stretch> DAY =
            List.of(
                    new Stretch(0, 6, 40, 80, 2, 2, 15, 15),
                    new Stretch(6, 9, 200, 400, 3, 4, 45, 45),
                    new Stretch(9, 18, 800, 1200, 8, 12, 65, 72),
                    new Stretch(18, 22, 1000, 1400, 10, 14, 70, 78),
                    new Stretch(22, 24, 300, 500, 4, 5, 40, 40));

    String hours() {
        return "%02d:00-%02d:00".formatted(fromHour, toHour);
    }
}
