/// The run from which the JVM records the distribution's start-up cache (docs/adr/0006).
@NullMarked
package dev.tidemill.cli.aot;

import org.jspecify.annotations.NullMarked;
