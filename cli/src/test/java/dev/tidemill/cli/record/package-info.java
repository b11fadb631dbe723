@NullMarked
package dev.tidemill.cli.record;

import org.jspecify.annotations.NullMarked;
