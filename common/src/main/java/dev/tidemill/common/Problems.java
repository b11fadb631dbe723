package dev.tidemill.common;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Collects everything that is wrong, so that a user sees all of it at once. Not thread-safe.
public final class Problems {
    private final List<Problem> found = new ArrayList<>();

    public void add(Problem problem) {
        found.add(problem);
    }

    public void addAll(List<Problem> problems) {
        found.addAll(problems);
    }

    public boolean isEmpty() {
        return found.isEmpty();
    }

    public List<Problem> list() {
        return List.copyOf(found);
    }

    /// @throws TidemillException with [ErrorCode#INVALID_SPEC] and one line a problem, if there is
    ///   any
    public void throwIfAny() {
        if (!found.isEmpty()) {
            throw new TidemillException(
                    ErrorCode.INVALID_SPEC,
                    found.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        }
    }
}
