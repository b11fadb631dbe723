package dev.tidemill.gateway.upstream;

import io.helidon.http.HeaderName;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;

/// A fixed set of header names that is asked for every header of every message.
public final class HeaderSet {
    private final BitSet known = new BitSet();
    private final Set<String> others = new HashSet<>();

    private HeaderSet() {}

    public static HeaderSet of(HeaderName... names) {
        HeaderSet set = new HeaderSet();
        for (HeaderName name : names) {
            if (name.index() >= 0) {
                set.known.set(name.index());
            } else {
                set.others.add(name.lowerCase());
            }
        }
        return set;
    }

    public boolean contains(HeaderName name) {
        return name.index() >= 0 ? known.get(name.index()) : others.contains(name.lowerCase());
    }
}
