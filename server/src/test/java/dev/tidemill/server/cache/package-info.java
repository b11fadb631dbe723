@NullMarked
package dev.tidemill.server.cache;

import org.jspecify.annotations.NullMarked;
