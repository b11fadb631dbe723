@NullMarked
package dev.tidemill.gateway.jwt;

import org.jspecify.annotations.NullMarked;
