/// The operator: custom resources of a cluster become what runs there.
@NullMarked
package dev.tidemill.operator;

import org.jspecify.annotations.NullMarked;
