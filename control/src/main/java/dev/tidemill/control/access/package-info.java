/// Who may ask control for what. On loopback everybody who is on the machine; else who has a token.
@NullMarked
package dev.tidemill.control.access;

import org.jspecify.annotations.NullMarked;
