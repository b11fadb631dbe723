/// How many replicas a target should have, and why: data in, a [Decision] with its reason out.
@NullMarked
package dev.tidemill.scaling;

import org.jspecify.annotations.NullMarked;
