/// A set of objects against what a cluster has: apply it, say what would change, remove what is no
/// longer in it, and go back to an earlier one.
@NullMarked
package dev.tidemill.cluster.apply;

import org.jspecify.annotations.NullMarked;
