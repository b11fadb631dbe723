/// An API server that keeps objects in memory, over real HTTP.
@NullMarked
package dev.tidemill.operator.fake;

import org.jspecify.annotations.NullMarked;
