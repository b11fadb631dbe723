package dev.tidemill.gateway.table;

import dev.tidemill.gateway.traffic.ModelTraffic;
import dev.tidemill.gateway.upstream.Replica;
import java.util.List;

/// A model and who answers for it.
///
/// @param pool the replicas' owner; models that share replicas have one pool
public record ServedModel(String name, String pool, List<Replica> replicas, ModelTraffic traffic) {
    public ServedModel {
        replicas = List.copyOf(replicas);
    }
}
