@NullMarked
package dev.tidemill.server.functions.jpeg;

import org.jspecify.annotations.NullMarked;
