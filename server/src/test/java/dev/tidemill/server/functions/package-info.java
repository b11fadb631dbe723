@NullMarked
package dev.tidemill.server.functions;

import org.jspecify.annotations.NullMarked;
