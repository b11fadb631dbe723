/// New versions that take over step by step: gateways judge by their own traffic, and keep what
/// they decided in control, which is the one place where it stands. Here it is said in the
/// Gateway's status and as events; nothing is decided.
@NullMarked
package dev.tidemill.operator.canary;

import org.jspecify.annotations.NullMarked;
