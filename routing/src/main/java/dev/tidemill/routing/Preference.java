package dev.tidemill.routing;

/// How good a replica is for a request; the first that any replica has wins.
public enum Preference {
    FRESH("reachable and not yet tried"),
    /// It failed this request once, but not because it could not be reached.
    TRIED("reachable, though tried before"),
    /// The ejection may be out of date, and nothing better is left.
    EJECTED("ejected and not yet tried"),
    /// It refused this very request a moment ago: not picked.
    HOPELESS("ejected and tried before");

    private final String wording;

    Preference(String wording) {
        this.wording = wording;
    }

    String wording() {
        return wording;
    }

    static Preference of(boolean tried, boolean ejected) {
        if (ejected) {
            return tried ? HOPELESS : EJECTED;
        }
        return tried ? TRIED : FRESH;
    }
}
