/// New versions that take over step by step: each gateway judges by its own traffic, and here all
/// of them become one decision, which is written down in the Gateway's status and outlives every
/// pod.
@NullMarked
package dev.tidemill.operator.canary;

import org.jspecify.annotations.NullMarked;
