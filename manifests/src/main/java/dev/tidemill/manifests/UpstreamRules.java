package dev.tidemill.manifests;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Ways to the servers that a file names by URL: of a gateway its upstreams, mirrors, a Redis,
/// issuers of tokens; of an app those that it calls.
final class UpstreamRules {
    private static final String IPV4 = "\\d{1,3}(\\.\\d{1,3}){3}";
    private static final List<String> PRIVATE =
            List.of("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16");

    private UpstreamRules() {}

    /// One rule for each host and port, in the order of the file.
    static List<Map<String, Object>> of(List<URI> servers) {
        Map<String, Map<String, Object>> rules = new LinkedHashMap<>();
        for (URI url : servers) {
            String host = host(url);
            rules.putIfAbsent(target(host) + ":" + port(url), rule(host, port(url)));
        }
        return new ArrayList<>(rules.values());
    }

    static Map<String, Object> to(URI url) {
        return rule(host(url), port(url));
    }

    private static Map<String, Object> rule(String host, int port) {
        if (host.matches(IPV4)) {
            return NetworkObjects.rule("to", List.of(block(host + "/32", List.of())), port);
        }
        if (host.contains(":")) {
            return NetworkObjects.rule("to", List.of(block(host + "/128", List.of())), port);
        }
        if (isService(host)) {
            // The port of its pods may be another than that of the Service.
            return Tree.of("to", List.of(ofService(host)));
        }
        // A policy knows no names: the internet, and nothing of the network inside.
        return NetworkObjects.rule("to", List.of(block("0.0.0.0/0", PRIVATE)), port);
    }

    private static String target(String host) {
        boolean internet = !host.matches(IPV4) && !host.contains(":") && !isService(host);
        return internet ? "" : host;
    }

    /// `vllm`, `vllm.models.svc` or `vllm.models.svc.cluster.local`.
    private static boolean isService(String host) {
        return !host.contains(".") || host.endsWith(".svc") || host.endsWith(".svc.cluster.local");
    }

    private static Map<String, Object> ofService(String host) {
        List<String> parts = List.of(host.split("\\."));
        return parts.size() == 1
                ? Tree.of("podSelector", Tree.of())
                : NetworkObjects.namespace(parts.get(1));
    }

    private static Map<String, Object> block(String cidr, List<String> except) {
        return Tree.of("ipBlock", Tree.of("cidr", cidr, "except", Tree.some(except)));
    }

    private static String host(URI url) {
        String host = String.valueOf(url.getHost());
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static int port(URI url) {
        if (url.getPort() > 0) {
            return url.getPort();
        }
        return switch (url.getScheme().toLowerCase(Locale.ROOT)) {
            case "https" -> 443;
            case "redis", "rediss" -> 6379;
            case "postgres", "postgresql" -> 5432;
            default -> 80;
        };
    }
}
