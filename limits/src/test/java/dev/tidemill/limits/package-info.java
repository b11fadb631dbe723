@NullMarked
package dev.tidemill.limits;

import org.jspecify.annotations.NullMarked;
