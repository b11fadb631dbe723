package dev.tidemill.rehearsal.study;

import dev.tidemill.scaling.Limit;
import dev.tidemill.scaling.Policy;
import dev.tidemill.scaling.Verdict;
import java.util.List;

/// Always as many, whatever happens.
record Fixed(String name, int replicas) implements Policy {
    @Override
    public Session start() {
        List<Limit> none = List.of();
        Verdict.Account words = () -> "always " + replicas;
        return seen -> new Verdict(seen, name, "static", replicas, none, replicas, words);
    }
}
