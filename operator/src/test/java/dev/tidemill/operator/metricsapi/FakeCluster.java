package dev.tidemill.operator.metricsapi;

import dev.tidemill.manifests.KubeObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// An API server's part in it, in memory.
final class FakeCluster implements ApiRegistration.Cluster {
    final Map<String, Map<String, Object>> services = new LinkedHashMap<>();
    final List<String> writes = new ArrayList<>();
    Map<String, String> authentication = Map.of();
    boolean fails;

    @Override
    public synchronized Optional<Map<String, Object>> apiService(String name) {
        if (fails) {
            throw new IllegalStateException("away");
        }
        return Optional.ofNullable(services.get(name));
    }

    @Override
    public Optional<String> ownerUid() {
        return Optional.of("uid-1");
    }

    @Override
    public synchronized Map<String, String> authentication() {
        return authentication;
    }

    @Override
    public synchronized void apply(KubeObject object) {
        writes.add("apply " + object.id());
        if (object.kind().equals("APIService")) {
            services.put(object.name(), object.fields());
        }
    }

    @Override
    public synchronized void deleteApiService(String name) {
        writes.add("delete " + name);
        services.remove(name);
    }

    String caBundle(MetricsGroup group) {
        Map<?, ?> spec = (Map<?, ?>) services.getOrDefault(group.service(), Map.of()).get("spec");
        return String.valueOf(spec.get("caBundle"));
    }
}
