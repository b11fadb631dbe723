@NullMarked
package dev.tidemill.http;

import org.jspecify.annotations.NullMarked;
