@NullMarked
package dev.tidemill.server.repository;

import org.jspecify.annotations.NullMarked;
