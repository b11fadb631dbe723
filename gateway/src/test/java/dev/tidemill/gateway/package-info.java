@NullMarked
package dev.tidemill.gateway;

import org.jspecify.annotations.NullMarked;
