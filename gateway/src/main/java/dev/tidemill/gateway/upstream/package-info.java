/// Requests to replicas over kept HTTP/1.1 connections, one attempt at a time: what went wrong and
/// how far it came is part of the result. Written over Helidon's header parser and not over its
/// client, which changes paths and does not tell these failures apart (see the module's README).
@NullMarked
package dev.tidemill.gateway.upstream;

import org.jspecify.annotations.NullMarked;
