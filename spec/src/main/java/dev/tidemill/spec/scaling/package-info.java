/// `scaling` of a model: its keys, what they are read into, and the one place where that becomes a
/// policy, for the live loop, a rehearsal and the operator alike.
@NullMarked
package dev.tidemill.spec.scaling;

import org.jspecify.annotations.NullMarked;
