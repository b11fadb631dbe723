/// Whether a bounded process takes one more request: numbers in, decision and reason out. Nothing
/// here counts, waits, logs or reads a clock; the process that asks does.
@NullMarked
package dev.tidemill.limits;

import org.jspecify.annotations.NullMarked;
