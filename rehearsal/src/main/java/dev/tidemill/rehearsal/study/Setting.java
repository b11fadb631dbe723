package dev.tidemill.rehearsal.study;

import dev.tidemill.scaling.Policy;

/// One policy at one position of its knob.
///
/// @param family what belongs to one line of a frontier
/// @param knob not-a-number for none
public record Setting(String family, double knob, Policy policy) {
    public String name() {
        return policy.name();
    }
}
