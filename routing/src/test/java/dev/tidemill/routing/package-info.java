@NullMarked
package dev.tidemill.routing;

import org.jspecify.annotations.NullMarked;
