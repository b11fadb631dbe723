/// Rollouts while they happen: what both sides did, what was decided, and who gets what share.
@NullMarked
package dev.tidemill.gateway.canary;

import org.jspecify.annotations.NullMarked;
