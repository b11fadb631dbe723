@NullMarked
package dev.tidemill.server.modelconfig;

import org.jspecify.annotations.NullMarked;
