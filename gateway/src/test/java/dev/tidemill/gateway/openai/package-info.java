@NullMarked
package dev.tidemill.gateway.openai;

import org.jspecify.annotations.NullMarked;
