/// Whether what was applied runs, and in plain words why it does not. What is read from the cluster
/// is judged by pure functions; one class waits.
@NullMarked
package dev.tidemill.cluster.rollout;

import org.jspecify.annotations.NullMarked;
