/// What a fleet costs by a table of instance prices: replicas are packed onto instances, and the
/// cheapest kind is taken.
@NullMarked
package dev.tidemill.rehearsal.cost;

import org.jspecify.annotations.NullMarked;
