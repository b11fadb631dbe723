package dev.tidemill.operator.kube;

import dev.tidemill.client.gateway.CanaryReports.CanaryReport;
import dev.tidemill.manifests.GatewayObjects;
import dev.tidemill.manifests.KubeObject;
import dev.tidemill.manifests.Names;
import dev.tidemill.operator.canary.CanaryEntry;
import dev.tidemill.operator.canary.CanaryVerdicts;
import dev.tidemill.operator.canary.DeclaredCanary;
import dev.tidemill.operator.canary.LiveCanaries;
import dev.tidemill.operator.plan.Declared;
import dev.tidemill.operator.plan.Owner;
import dev.tidemill.operator.plan.Plan;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.net.URI;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Rollouts of new versions in a namespace: what gateways say of them comes into the status.
record CanaryPass(Seen seen, Memory memory, LiveCanaries live, InstantSource clock) {
    private static final String DIGEST = "tidemill.dev/config-sha256";

    /// @return by Gateway; those without a rollout are not there
    Map<Owner, List<CanaryEntry>> run(
            String namespace, boolean terminating, List<Declared> declared, Plan plan) {
        Map<Owner, List<DeclaredCanary>> canaries = new LinkedHashMap<>();
        declared.stream()
                .filter(one -> one.owner().kind().equals(Kinds.GATEWAY.kind()))
                .forEach(one -> canaries.put(one.owner(), DeclaredCanary.of(one.spec())));
        canaries.values().removeIf(List::isEmpty);
        Map<String, URI> asked = new LinkedHashMap<>();
        if (!terminating) {
            canaries.keySet().forEach(owner -> asked.putAll(gateways(owner, plan)));
        }
        Map<String, List<CanaryReport>> reports = live.see(namespace, asked);
        Map<Owner, List<CanaryEntry>> all = new HashMap<>();
        canaries.forEach((owner, of) ->
                all.put(
                        owner,
                        CanaryVerdicts.of(
                                of, last(owner), reports, asked.size(), clock.instant())));
        return all;
    }

    /// Those that have the configuration that is planned: what others say is about another rollout.
    private Map<String, URI> gateways(Owner owner, Plan plan) {
        String name = Names.gateway(owner.name());
        List<KubeObject> objects = plan.objects().getOrDefault(owner, List.of());
        Optional<Object> digest =
                objects.stream()
                        .filter(one -> one.kind().equals("Deployment"))
                        .findFirst()
                        .flatMap(one ->
                                Look.at(
                                        one.fields(),
                                        "spec",
                                        "template",
                                        "metadata",
                                        "annotations",
                                        DIGEST));
        Map<String, URI> gateways = new LinkedHashMap<>();
        for (GenericKubernetesResource pod : new ReadyPods(seen).of("gateway", Optional.of(name))) {
            Map<String, String> annotations = pod.getMetadata().getAnnotations();
            if (annotations != null
                    && digest.isPresent()
                    && digest.get().equals(annotations.get(DIGEST))) {
                ReadyPods.address(pod, plan.speaksTls() ? "https" : "http", GatewayObjects.ADMIN)
                        .ifPresent(address -> gateways.put(pod.getMetadata().getName(), address));
            }
        }
        return gateways;
    }

    private List<CanaryEntry> last(Owner owner) {
        return CanaryEntry.of(memory.status(owner).orElseGet(() -> seenStatus(owner)));
    }

    private Map<String, Object> seenStatus(Owner owner) {
        return seen.list(Kinds.GATEWAY).stream()
                .filter(item -> item.getMetadata().getName().equals(owner.name()))
                .findFirst()
                .map(item -> Trees.map(item.getAdditionalProperties().get("status")))
                .orElse(Map.of());
    }
}
