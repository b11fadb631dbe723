package dev.tidemill.operator.canary;

import java.util.ArrayList;
import java.util.List;

/// What people should hear of a rollout that goes well; that one was rolled back is told as what is
/// wrong with the Gateway.
///
/// @param reason an event's
public record CanaryNews(String reason, String message) {
    public static List<CanaryNews> of(List<CanaryEntry> last, List<CanaryEntry> now) {
        List<CanaryNews> news = new ArrayList<>();
        for (CanaryEntry entry : now) {
            boolean known =
                    last.stream()
                            .anyMatch(before ->
                                    before.version().equals(entry.version())
                                            && before.phase() == entry.phase()
                                            && before.percent() == entry.percent());
            if (!known) {
                switch (entry.phase()) {
                    case STEPPING -> news.add(of("CanaryStep", entry));
                    case PROMOTED -> news.add(of("CanaryPromoted", entry));
                    case WAITING, ROLLED_BACK -> {}
                }
            }
        }
        return news;
    }

    private static CanaryNews of(String reason, CanaryEntry entry) {
        return new CanaryNews(
                reason,
                "route %s: %d %% of the requests have the new version; %s"
                        .formatted(entry.route(), entry.percent(), entry.reason()));
    }
}
