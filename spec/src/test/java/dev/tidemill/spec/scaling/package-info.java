@NullMarked
package dev.tidemill.spec.scaling;

import org.jspecify.annotations.NullMarked;
