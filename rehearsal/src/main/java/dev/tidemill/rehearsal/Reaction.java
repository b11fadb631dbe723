package dev.tidemill.rehearsal;

/// How long it took from the moment when more requests than promised were late until capacity
/// sufficed again.
public record Reaction(int breaches, double meanSeconds, double worstSeconds) {
    static final Reaction NONE = new Reaction(0, 0, 0);
}
