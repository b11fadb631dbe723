/// Replays a trace of traffic against a scaling policy and counts what would have happened: how
/// many requests late, how many replica-hours, how often the direction turned. Pure and
/// deterministic.
@NullMarked
package dev.tidemill.rehearsal;

import org.jspecify.annotations.NullMarked;
