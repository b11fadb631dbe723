/// What holds around any policy: schedules raise its lower bound, a metric that stays silent leads
/// to the stated safe count, and where none are needed for long there are none.
@NullMarked
package dev.tidemill.scaling.guard;

import org.jspecify.annotations.NullMarked;
