@NullMarked
package dev.tidemill.server.admission;

import org.jspecify.annotations.NullMarked;
