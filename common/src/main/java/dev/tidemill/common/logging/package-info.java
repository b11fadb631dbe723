/// JSON log lines on standard output for every process, over the JDK's own logging.
@NullMarked
package dev.tidemill.common.logging;

import org.jspecify.annotations.NullMarked;
