/// What is wanted in a namespace: its custom resources, read as one file by the same parser, made
/// into the same objects as by `tidemill render`. Pure.
@NullMarked
package dev.tidemill.operator.plan;

import org.jspecify.annotations.NullMarked;
