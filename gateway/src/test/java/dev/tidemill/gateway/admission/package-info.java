@NullMarked
package dev.tidemill.gateway.admission;

import org.jspecify.annotations.NullMarked;
