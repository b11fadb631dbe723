/// What is found in texts that pass, and what stays of them: text in, findings out. Nothing here
/// reads a clock, logs or keeps anything between two texts, but for what [HeldText] holds of one.
@NullMarked
package dev.tidemill.guardrails;

import org.jspecify.annotations.NullMarked;
