/// Which replicas serve which model right now: one immutable table that is swapped as a whole.
@NullMarked
package dev.tidemill.gateway.table;

import org.jspecify.annotations.NullMarked;
