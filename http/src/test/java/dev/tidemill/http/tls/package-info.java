@NullMarked
package dev.tidemill.http.tls;

import org.jspecify.annotations.NullMarked;
