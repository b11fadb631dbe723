package dev.tidemill.cli.rehearse;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.scaling.fleet.FleetPlan;
import dev.tidemill.spec.Model;
import dev.tidemill.spec.Resource;
import dev.tidemill.spec.scaling.Policies;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Of models that state several kinds of replicas, which of them serve a rate at the least price.
public record Mixes(double requestsPerSecond, List<Mix> mixes) {
    record Mix(String model, FleetPlan plan) {}

    public Mixes {
        mixes = List.copyOf(mixes);
    }

    /// From nothing, as if none of them ran yet.
    public static Mixes of(List<Resource> resources, double requestsPerSecond) {
        List<Mix> mixes = new ArrayList<>();
        for (Resource resource : resources) {
            if (resource instanceof Model model && !model.scaling().kinds().isEmpty()) {
                mixes.add(
                        new Mix(
                                model.name(),
                                Policies.fleet(model.scaling(), requestsPerSecond, Map.of())));
            }
        }
        if (mixes.isEmpty()) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "--rate: '%s' (expected: a Model with scaling.kinds)"
                            .formatted(Summary.number(requestsPerSecond)));
        }
        return new Mixes(requestsPerSecond, mixes);
    }

    public void print(PrintStream out) {
        out.println();
        mixes.forEach(mix -> out.println(mix.model() + ": " + mix.plan().reason()));
    }

    public List<Object> tree() {
        List<Object> all = new ArrayList<>();
        for (Mix mix : mixes) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("model", mix.model());
            map.put("requestsPerSecond", requestsPerSecond);
            map.put("replicas", mix.plan().counts());
            map.put("pricePerHour", mix.plan().pricePerHour());
            map.put("enough", mix.plan().enough());
            map.put("reason", mix.plan().reason());
            all.add(map);
        }
        return all;
    }
}
