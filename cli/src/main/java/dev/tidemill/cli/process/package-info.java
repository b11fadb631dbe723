/// Child processes of the laptop's supervisor: how they are started, spoken to, logged and stopped.
@NullMarked
package dev.tidemill.cli.process;

import org.jspecify.annotations.NullMarked;
