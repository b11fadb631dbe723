/// How a process of ours and the supervisor that started it talk: configuration and its updates
/// come in as lines on standard input, events and log lines go out on standard output.
@NullMarked
package dev.tidemill.common.process;

import org.jspecify.annotations.NullMarked;
