/// Questions that a rehearsal answers: how several policies compare, what each setting of a knob
/// costs and yields, how sure that is, where the cost over the oracle goes, what survives when
/// things go wrong, and which setting to take.
@NullMarked
package dev.tidemill.rehearsal.study;

import org.jspecify.annotations.NullMarked;
