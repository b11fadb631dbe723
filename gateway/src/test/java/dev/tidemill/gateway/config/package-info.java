@NullMarked
package dev.tidemill.gateway.config;

import org.jspecify.annotations.NullMarked;
