@NullMarked
package dev.tidemill.server.engine;

import org.jspecify.annotations.NullMarked;
