@NullMarked
package dev.tidemill.cli.gateway;

import org.jspecify.annotations.NullMarked;
