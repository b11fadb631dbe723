/// `explain`: decisions as people read them.
@NullMarked
package dev.tidemill.cli.explain;

import org.jspecify.annotations.NullMarked;
