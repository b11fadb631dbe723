package dev.tidemill.rehearsal.study;

import dev.tidemill.rehearsal.Scene;
import dev.tidemill.rehearsal.token.TokenOutcome;
import dev.tidemill.rehearsal.trace.Trace;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// All that one rehearsal found out.
///
/// @param title what was rehearsed, such as `Model/digits`
/// @param frontier every position of every knob; empty when it was not asked for
/// @param requests by policy, more about each; empty for a replay by minutes
/// @param pricePerHour of one replica; not-a-number when it is not known
/// @param notes what was repaired or taken for granted, a sentence each
@SuppressWarnings("ArrayRecordComponent") // tens of thousands of minutes, copied in and out
public record Report(
        String title,
        Trace trace,
        Scene scene,
        Target target,
        int seeds,
        int[] oracle,
        double oracleHours,
        double staticHours,
        List<Result> results,
        List<Finding> frontier,
        List<Stressed> stress,
        Optional<Advice> advice,
        Map<String, TokenOutcome> requests,
        double pricePerHour,
        String currency,
        List<String> notes) {
    public Report {
        oracle = oracle.clone();
        results = List.copyOf(results);
        frontier = List.copyOf(frontier);
        stress = List.copyOf(stress);
        requests = Collections.unmodifiableMap(new LinkedHashMap<>(requests));
        notes = List.copyOf(notes);
    }

    @Override
    public int[] oracle() {
        return oracle.clone();
    }

    /// One policy that was asked for.
    public record Result(Finding finding, Curve curve, Optional<Gap> gap) {}

    /// What a fault makes of the policies.
    public record Stressed(String name, double oracleHours, List<Finding> findings) {
        public Stressed {
            findings = List.copyOf(findings);
        }
    }
}
