/// Which models the server has, and how one becomes ready: verified, loaded, checked, warmed up.
@NullMarked
package dev.tidemill.server.repository;

import org.jspecify.annotations.NullMarked;
