@NullMarked
package dev.tidemill.gateway.upstream;

import org.jspecify.annotations.NullMarked;
