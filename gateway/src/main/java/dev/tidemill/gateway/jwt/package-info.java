/// Tokens of OpenID Connect servers: whose they are, whether they hold, where their keys are.
@NullMarked
package dev.tidemill.gateway.jwt;

import org.jspecify.annotations.NullMarked;
