package dev.tidemill.server.repository;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// What becomes of versions that are to be served no more: as many of those that answer stay as
/// wanted ones do not, the newest first. Pure.
///
/// @param stay until others answer in their place
/// @param go now
record Surplus(List<String> stay, List<String> go) {
    Surplus {
        stay = List.copyOf(stay);
        go = List.copyOf(go);
    }

    /// @param wanted versions
    /// @param there every version, newest first
    static Surplus of(List<String> wanted, List<String> there, Predicate<String> answers) {
        long missing = wanted.stream().filter(answers.negate()).count();
        List<String> stay = new ArrayList<>();
        List<String> go = new ArrayList<>();
        for (String version : there) {
            if (wanted.contains(version)) {
                continue;
            }
            if (stay.size() < missing && answers.test(version)) {
                stay.add(version);
            } else {
                go.add(version);
            }
        }
        return new Surplus(stay, go);
    }
}
