/// Whether a new version gets a larger share, stays, or goes: counts of both sides and the time in,
/// a decision with its reason and the next state out. Every claim that a version is worse comes
/// with a bound on how often it is made of one that is not.
@NullMarked
package dev.tidemill.routing.canary;

import org.jspecify.annotations.NullMarked;
