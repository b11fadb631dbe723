/// What is said of a resource: conditions with reasons and what to do. Pure.
@NullMarked
package dev.tidemill.operator.status;

import org.jspecify.annotations.NullMarked;
