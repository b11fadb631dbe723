/// From what is wanted and what there is to what is to be done, with reasons. Pure.
@NullMarked
package dev.tidemill.operator.act;

import org.jspecify.annotations.NullMarked;
