/// Scaling decisions, kept for whoever asks why: the newest of each target.
@NullMarked
package dev.tidemill.control.decisions;

import org.jspecify.annotations.NullMarked;
