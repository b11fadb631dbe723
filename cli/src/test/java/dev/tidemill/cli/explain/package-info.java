@NullMarked
package dev.tidemill.cli.explain;

import org.jspecify.annotations.NullMarked;
