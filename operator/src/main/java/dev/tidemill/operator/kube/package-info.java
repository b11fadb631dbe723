/// The API server: what it knows through watches, what is written to it, and the loop between.
@NullMarked
package dev.tidemill.operator.kube;

import org.jspecify.annotations.NullMarked;
