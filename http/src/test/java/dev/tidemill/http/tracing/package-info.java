@NullMarked
package dev.tidemill.http.tracing;

import org.jspecify.annotations.NullMarked;
