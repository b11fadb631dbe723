/// The engine by slots: each request of a minute comes at a moment of its own, goes to the replica
/// that a gateway would pick, and takes a time of its own there.
@NullMarked
package dev.tidemill.rehearsal.slot;

import org.jspecify.annotations.NullMarked;
