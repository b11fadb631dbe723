/// Reads what people have of their traffic: counts by minute, logs of requests with or without
/// tokens, access logs. What is wrong is refused with its line or repaired with a note, in memory
/// that does not grow with the file.
@NullMarked
package dev.tidemill.rehearsal.trace;

import org.jspecify.annotations.NullMarked;
