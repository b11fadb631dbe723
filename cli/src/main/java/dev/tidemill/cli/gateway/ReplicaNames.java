package dev.tidemill.cli.gateway;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Puts addresses in the place of names of replicas in a gateway's configuration. On Kubernetes the
/// name of a headless Service means every pod that is ready, so this is how a gateway finds them,
/// without a permission to ask anybody. Used by one thread.
public final class ReplicaNames {
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[.*]");

    private final Lookup lookup;
    private final Map<String, List<String>> known = new HashMap<>();

    /// As [InetAddress#getAllByName].
    @FunctionalInterface
    public interface Lookup {
        InetAddress[] all(String host) throws UnknownHostException;
    }

    public ReplicaNames(Lookup lookup) {
        this.lookup = lookup;
    }

    /// @param config of a gateway
    /// @return the same with a replica for each address of each name; a name that cannot be looked
    ///   up keeps the addresses that it had, because DNS may fail while the pods do not
    public JsonNode resolve(JsonNode config) {
        for (JsonNode model : config.path("models")) {
            if (model instanceof ObjectNode object) {
                ArrayNode resolved = object.arrayNode();
                object.path("replicas").forEach(replica -> resolve(replica, resolved));
                object.set("replicas", resolved);
            }
        }
        return config;
    }

    private void resolve(JsonNode replica, ArrayNode into) {
        URI url = URI.create(replica.path("url").asString(""));
        String host = url.getHost();
        if (host == null || ADDRESS.matcher(host).matches()) {
            into.add(replica);
            return;
        }
        String id = replica.path("id").asString("");
        for (String address : addresses(host)) {
            ObjectNode each = into.addObject();
            each.put("id", id + "-" + address);
            String shown = address.contains(":") ? "[" + address + "]" : address;
            each.put("url", url.getScheme() + "://" + shown + ":" + url.getPort());
            if (replica.has("grpcPort")) {
                each.set("grpcPort", replica.get("grpcPort"));
            }
        }
    }

    private List<String> addresses(String host) {
        try {
            known.put(
                    host,
                    Arrays.stream(lookup.all(host))
                            .map(InetAddress::getHostAddress)
                            .distinct()
                            .sorted()
                            .toList());
        } catch (UnknownHostException e) {
            // What was known stays.
        }
        return known.getOrDefault(host, List.of());
    }
}
